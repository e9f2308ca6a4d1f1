using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Infrastructure;
using Xunit;

namespace SmtpProxy.Tests.Infrastructure;

public sealed class PolledValueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private int _reads;

    [Fact]
    public async Task GetAsync_WithinASecond_IsKnownWithoutAWait()
    {
        var value = new PolledValue<int>(() => ++_reads, _time);
        Assert.Equal(1, await value.GetAsync());
        _time.Advance(TimeSpan.FromMilliseconds(999));

        var again = value.GetAsync();

        Assert.True(again.IsCompletedSuccessfully);
        Assert.Equal(1, await again);
    }

    [Fact]
    public async Task GetAsync_AfterASecond_LooksAgain()
    {
        var value = new PolledValue<int>(() => ++_reads, _time);
        Assert.Equal(1, await value.GetAsync());
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2, await value.GetAsync());
    }

    [Fact]
    public async Task GetAsync_FileSystemStandsStill_NobodyIsHeldUpAndOneReads()
    {
        using var goOn = new ManualResetEventSlim();
        var value = new PolledValue<int>(
            () =>
            {
                goOn.Wait(Patience, TestContext.Current.CancellationToken);
                return Interlocked.Increment(ref _reads);
            },
            _time);

        var first = value.GetAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        var second = value.GetAsync();
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);
        goOn.Set();

        Assert.Equal((1, 1), (await first, await second));
    }

    [Fact]
    public async Task GetAsync_AfterAFault_LooksAgain()
    {
        var value = new PolledValue<int>(() => ++_reads == 1 ? throw new InvalidOperationException("once") : _reads, _time);
        await Assert.ThrowsAsync<InvalidOperationException>(() => value.GetAsync().AsTask());

        Assert.Equal(2, await value.GetAsync());
    }
}
