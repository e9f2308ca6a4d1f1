using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Affinity;
using SmtpProxy.TestKit.Affinity;
using Xunit;

namespace SmtpProxy.Tests.Affinity;

public sealed class MemoryAffinityStoreTests : AffinityStoreContract
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    protected override TimeProvider Time => _time;

    [Fact]
    public async Task TryAssignAsync_MoreThanMaxEntries_Bounded()
    {
        await using var store = new MemoryAffinityStore(100, _time);

        for (var i = 0; i < 1000; i++)
        {
            await store.TryAssignAsync(new AffinityKey("pool", $"sender{i}"), Entry("mta1"), Token);
        }

        Assert.InRange(await store.CountAsync("pool", Token), 50, 110);
    }

    [Fact]
    public async Task TryAssignAsync_OtherKeysAboveTheBound_TheUsedKeyStays()
    {
        await using var store = new MemoryAffinityStore(100, _time);
        var used = new AffinityKey("pool", "used");
        var first = await store.TryAssignAsync(used, Entry("mta1"), Token);

        for (var i = 0; i < 1000; i++)
        {
            await store.TryAssignAsync(new AffinityKey("pool", $"sender{i}"), Entry("mta2"), Token);
            Assert.Equal(first, await store.GetAsync(used, Token));
        }
    }

    [Fact]
    public async Task Sweep_LapsedEntry_RemovedAndTold()
    {
        await using var store = new MemoryAffinityStore(100, _time);
        var watcher = new RecordingWatcher();
        await store.StartAsync(watcher, Token);
        var key = new AffinityKey("pool", "a");
        await store.TryAssignAsync(key, Entry("mta1"), Token);

        _time.Advance(TimeSpan.FromMinutes(29));
        Assert.NotNull(await store.GetAsync(key, Token));
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Null(await store.GetAsync(key, Token));
        Assert.Equal([key], watcher.Removed);
    }

    protected override ValueTask<IAffinityStore> OpenAsync() => new(new MemoryAffinityStore(1000, _time));
}
