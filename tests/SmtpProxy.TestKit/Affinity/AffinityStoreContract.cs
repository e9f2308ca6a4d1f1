using SmtpProxy.Affinity;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.TestKit.Affinity;

/// <summary>What every affinity store promises. A store's test class derives from it and says how to open the store.</summary>
public abstract class AffinityStoreContract : IAsyncLifetime
{
    private const string Cluster = "pool";

    private readonly RecordingWatcher _watcher = new();
    private IAffinityStore? _store;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract TimeProvider Time { get; }

    private IAffinityStore Store => _store ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync();
        await _store.StartAsync(_watcher, Token);
        await Eventually.HoldsAsync(() => _store.IsUp, "the store is up", cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        await (_store?.DisposeAsync() ?? ValueTask.CompletedTask);
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task GetAsync_NoEntry_Null() => Assert.Null(await Store.GetAsync(Key("a"), Token));

    [Fact]
    public async Task TryAssignAsync_FreeKey_ProposedWithGeneration()
    {
        var proposed = Entry("mta1");

        var assigned = await Store.TryAssignAsync(Key("a"), proposed, Token);

        Assert.True(assigned.Generation > 0);
        Assert.Equal(proposed with { Generation = assigned.Generation }, assigned);
        Assert.Equal(assigned, await Store.GetAsync(Key("a"), Token));
    }

    [Theory]
    [InlineData("pool", "a/b%c@example.org")]
    [InlineData("pool/eu", "\u00fc \"x\"@b\u00fccher.example")]
    [InlineData("pool", "affinity/../x")]
    public async Task PutAsync_AnyKeyAndAllFields_ComeBack(string cluster, string name)
    {
        var key = new AffinityKey(cluster, name);
        var entry = Entry("mta1") with
        {
            Reason = AffinityReason.Rerouted,
            AvoidedDestination = "mta2",
            AvoidedUntil = Now.AddMinutes(15),
            IsFixed = true,
        };

        var written = await Store.PutAsync(key, entry, Token);

        Assert.Equal(entry with { Generation = written.Generation }, await Store.GetAsync(key, Token));
        Assert.Equal([key], await KeysAsync(cluster));
    }

    [Fact]
    public async Task TryAssignAsync_TakenKey_TheFirstOneStays()
    {
        var first = await Store.TryAssignAsync(Key("a"), Entry("mta1"), Token);

        Assert.Equal(first, await Store.TryAssignAsync(Key("a"), Entry("mta2"), Token));
    }

    [Fact]
    public async Task TryAssignAsync_LapsedEntry_Replaced()
    {
        var lapsed = await Store.PutAsync(Key("a"), Entry("mta1") with { ExpiresAt = Now.AddSeconds(-1) }, Token);

        Assert.Null(await Store.GetAsync(Key("a"), Token));
        var assigned = await Store.TryAssignAsync(Key("a"), Entry("mta2"), Token);

        Assert.Equal("mta2", assigned.Destination);
        Assert.True(assigned.Generation > lapsed.Generation);
    }

    [Fact]
    public async Task TryAssignAsync_Race_AllGetTheSameAnswer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Store.TryAssignAsync(Key("a"), Entry($"mta{i}"), Token).AsTask()));

        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task TryMoveAsync_ExpectedGeneration_Moved()
    {
        var first = await Store.TryAssignAsync(Key("a"), Entry("mta1"), Token);
        var wanted = Entry("mta2") with { Reason = AffinityReason.Rerouted };

        var moved = await Store.TryMoveAsync(Key("a"), first.Generation, wanted, Token);

        Assert.NotNull(moved);
        Assert.True(moved.Generation > first.Generation);
        Assert.True(moved.IsSameChoice(wanted));
        Assert.Equal(moved, await Store.GetAsync(Key("a"), Token));
    }

    [Fact]
    public async Task TryMoveAsync_OldGeneration_TheEntryInForce()
    {
        var first = await Store.TryAssignAsync(Key("a"), Entry("mta1"), Token);
        var moved = await Store.TryMoveAsync(Key("a"), first.Generation, Entry("mta2"), Token);

        Assert.Equal(moved, await Store.TryMoveAsync(Key("a"), first.Generation, Entry("mta3"), Token));
    }

    [Fact]
    public async Task TryMoveAsync_NoEntry_Null() => Assert.Null(await Store.TryMoveAsync(Key("a"), 1, Entry("mta2"), Token));

    [Fact]
    public async Task TryMoveAsync_Race_OneWins()
    {
        var first = await Store.TryAssignAsync(Key("a"), Entry("mta1"), Token);

        var answers = await Task.WhenAll(
            Enumerable.Range(2, 16).Select(i => Store.TryMoveAsync(Key("a"), first.Generation, Entry($"mta{i}"), Token).AsTask()));

        Assert.Single(answers.Distinct());
        Assert.NotEqual("mta1", answers[0]!.Destination);
    }

    [Fact]
    public async Task PutAsync_TakenKey_Overwritten()
    {
        var first = await Store.TryAssignAsync(Key("a"), Entry("mta1"), Token);

        var pinned = await Store.PutAsync(Key("a"), Entry("mta2") with { Reason = AffinityReason.Pinned }, Token);

        Assert.True(pinned.Generation > first.Generation);
        Assert.Equal(pinned, await Store.GetAsync(Key("a"), Token));
    }

    [Fact]
    public async Task RenewAsync_SameGeneration_LaterExpirySameGeneration()
    {
        var first = await Store.TryAssignAsync(Key("a"), Entry("mta1"), Token);
        var later = first.ExpiresAt.AddHours(1);

        var renewed = await Store.RenewAsync(Key("a"), first.Generation, later, Token);

        Assert.Equal(first with { ExpiresAt = later }, renewed);
        Assert.Equal(renewed, await Store.GetAsync(Key("a"), Token));
        var moved = await Store.TryMoveAsync(Key("a"), first.Generation, Entry("mta2"), Token);
        Assert.Equal("mta2", moved!.Destination);
    }

    [Fact]
    public async Task RenewAsync_OldGenerationOrEarlier_NoEffect()
    {
        var first = await Store.TryAssignAsync(Key("a"), Entry("mta1"), Token);
        var second = await Store.PutAsync(Key("a"), Entry("mta2"), Token);

        Assert.Equal(second, await Store.RenewAsync(Key("a"), first.Generation, Now.AddDays(1), Token));
        Assert.Equal(second, await Store.RenewAsync(Key("a"), second.Generation, second.ExpiresAt.AddMinutes(-1), Token));
        Assert.Equal(second, await Store.GetAsync(Key("a"), Token));
        Assert.Null(await Store.RenewAsync(Key("b"), first.Generation, Now.AddDays(1), Token));
    }

    [Fact]
    public async Task RemoveAsync_Entry_GoneAndGenerationNotReused()
    {
        var first = await Store.TryAssignAsync(Key("a"), Entry("mta1"), Token);

        Assert.True(await Store.RemoveAsync(Key("a"), Token));
        Assert.False(await Store.RemoveAsync(Key("a"), Token));
        Assert.Null(await Store.GetAsync(Key("a"), Token));
        Assert.True((await Store.TryAssignAsync(Key("a"), Entry("mta1"), Token)).Generation > first.Generation);
    }

    [Fact]
    public async Task RemoveAllAsync_DestinationThenCluster_OnlyThose()
    {
        await FillAsync();

        Assert.Equal(10, await Store.RemoveAllAsync(Cluster, "mta1", Token));
        Assert.Equal(20, await Store.CountAsync(Cluster, Token));
        Assert.Equal(20, await Store.RemoveAllAsync(Cluster, destination: null, Token));
        Assert.Equal(0, await Store.CountAsync(Cluster, Token));
        Assert.Equal(1, await Store.CountAsync("pool2", Token));
    }

    [Fact]
    public async Task ListAsync_Cluster_LiveEntriesOfItOnly()
    {
        await FillAsync();
        await Store.PutAsync(Key("lapsed"), Entry("mta1") with { ExpiresAt = Now.AddSeconds(-1) }, Token);

        var keys = await KeysAsync(Cluster);

        Assert.Equal(30, keys.Count);
        Assert.DoesNotContain(Key("lapsed"), keys);
        Assert.All(keys, static key => Assert.Equal(Cluster, key.Cluster));
    }

    [Fact]
    public async Task Watcher_ChangesAndRemovals_Told()
    {
        var first = await Store.TryAssignAsync(Key("a"), Entry("mta1"), Token);
        await Eventually.HoldsAsync(() => _watcher.Current.GetValueOrDefault(Key("a")) == first, "the assignment", cancellationToken: Token);

        var moved = await Store.TryMoveAsync(Key("a"), first.Generation, Entry("mta2"), Token);
        await Eventually.HoldsAsync(() => _watcher.Current.GetValueOrDefault(Key("a")) == moved, "the move", cancellationToken: Token);

        await Store.RemoveAsync(Key("a"), Token);
        await Eventually.HoldsAsync(() => _watcher.Removed.Contains(Key("a")), "the removal", cancellationToken: Token);
    }

    protected abstract ValueTask<IAffinityStore> OpenAsync();

    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    protected AffinityEntry Entry(string destination) => new(destination, AffinityReason.Assigned, Now, Now.AddMinutes(30), Generation: 0);

    private static AffinityKey Key(string name) => new(Cluster, name);

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(Time.GetUtcNow().ToUnixTimeMilliseconds());

    private async Task FillAsync()
    {
        for (var i = 0; i < 30; i++)
        {
            await Store.TryAssignAsync(Key($"sender{i}"), Entry($"mta{i % 3}"), Token);
        }

        await Store.TryAssignAsync(new AffinityKey("pool2", "other"), Entry("mta1"), Token);
    }

    private async Task<List<AffinityKey>> KeysAsync(string cluster)
    {
        var keys = new List<AffinityKey>();
        await foreach (var (key, _) in Store.ListAsync(cluster, Token))
        {
            keys.Add(key);
        }

        return keys;
    }
}
