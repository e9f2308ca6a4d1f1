using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.TestKit.Affinity;
using Xunit;
using static SmtpProxy.Tests.Affinity.DirectoryHarness;

namespace SmtpProxy.Tests.Affinity;

public sealed class AffinityDirectoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AssignAsync_NewSender_NewThenHitWithoutTheStore()
    {
        await using var harness = await StartAsync(Token);

        var first = await harness.AssignAsync("mta1", Token);
        var second = await harness.AssignAsync("mta2", Token);

        Assert.Equal(AffinityUse.New, first.Use);
        Assert.Equal(new AffinityLookup(first.Entry, AffinityUse.Hit), second);
        Assert.Equal(first.Entry, harness.Cached());
        Assert.Equal(1, harness.Store.CountOf("assign"));
    }

    [Fact]
    public async Task AssignAsync_AnotherProxyWasFirst_ItsChoice()
    {
        await using var harness = await StartAsync(Token);
        var theirs = await harness.Store.Other.TryAssignAsync(Key("b"), harness.Entry("mta2"), Token);
        harness.Store.Watcher!.OnReset([]);

        var lookup = await harness.AssignAsync("mta1", Token, "b");

        Assert.Equal(new AffinityLookup(theirs, AffinityUse.Hit), lookup);
    }

    [Fact]
    public async Task AssignAsync_NoKeyOrDisabled_None()
    {
        await using var harness = await StartAsync(Token);

        Assert.Equal(AffinityLookup.None, await harness.Directory.AssignAsync(Cluster, SenderKey.None, "mta1", harness.Config, Token));
        harness.Config = new SessionAffinityConfig { Enabled = false };
        Assert.Equal(AffinityLookup.None, await harness.AssignAsync("mta1", Token));
        Assert.Empty(harness.Store.Calls);
    }

    [Fact]
    public async Task TryGet_Lapsed_False()
    {
        await using var harness = await StartAsync(Token);
        harness.Config = new SessionAffinityConfig { Sliding = false };
        await harness.AssignAsync("mta1", Token);

        harness.Time.Advance(TimeSpan.FromMinutes(29));
        Assert.NotNull(harness.Cached());
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(harness.Cached());
        Assert.Equal(0, harness.Store.CountOf("renew"));
    }

    [Fact]
    public async Task GetAsync_ManyAskForOneKey_OneCall()
    {
        await using var harness = await StartAsync(Token);
        var theirs = await harness.Store.Other.TryAssignAsync(Key(), harness.Entry("mta2"), Token);
        harness.Store.Watcher!.OnReset([]);
        harness.Store.Hold();

        var lookups = Enumerable.Range(0, 50).Select(_ => harness.Directory.GetAsync(Cluster, Sender(), Token).AsTask()).ToList();
        harness.Store.Release();

        Assert.All(await Task.WhenAll(lookups), lookup => Assert.Equal(theirs, lookup.Entry));
        Assert.Equal(1, harness.Store.CountOf("get"));
    }

    [Fact]
    public async Task GetAsync_CallerGivesUp_TheOthersGetTheAnswer()
    {
        await using var harness = await StartAsync(Token);
        harness.Store.Hold();
        using var impatient = new CancellationTokenSource();
        var first = harness.Directory.GetAsync(Cluster, Sender(), impatient.Token).AsTask();
        var second = harness.Directory.GetAsync(Cluster, Sender(), Token).AsTask();

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        harness.Store.Release();

        Assert.Equal(AffinityLookup.None, await second);
        Assert.True(harness.Directory.IsStoreUp);
    }

    [Fact]
    public async Task GetAsync_RemovedWhileAsked_NotCached()
    {
        await using var harness = await StartAsync(Token);
        await harness.Store.Other.TryAssignAsync(Key(), harness.Entry("mta1"), Token);
        harness.Store.Watcher!.OnReset([]);
        harness.Store.Hold();
        var asked = harness.Directory.GetAsync(Cluster, Sender(), Token).AsTask();

        harness.Store.Watcher!.OnRemoved(Key());
        harness.Store.Release();
        await asked;

        Assert.Null(harness.Cached());
    }

    [Fact]
    public async Task TryGet_FirstHalf_NotRenewed()
    {
        await using var harness = await StartAsync(Token);
        await harness.AssignAsync("mta1", Token);

        harness.Time.Advance(TimeSpan.FromMinutes(14));
        harness.Cached();

        Assert.Equal(0, harness.Directory.QueuedWrites);
        Assert.Equal(0, harness.Store.CountOf("renew"));
    }

    [Fact]
    public async Task TryGet_SecondHalf_RenewedOnceInTheBackground()
    {
        await using var harness = await StartAsync(Token);
        var first = (await harness.AssignAsync("mta1", Token)).Entry!;

        harness.Time.Advance(TimeSpan.FromMinutes(16));
        for (var i = 0; i < 100; i++)
        {
            harness.Cached();
        }

        await Eventually.HoldsAsync(() => harness.Store.CountOf("renew") > 0 && harness.Directory.QueuedWrites == 0, "renewed", cancellationToken: Token);
        var renewed = await harness.Store.Other.GetAsync(Key(), Token);
        Assert.Equal(first with { ExpiresAt = harness.Time.GetUtcNow().AddMinutes(30) }, renewed);
        Assert.Equal(renewed, harness.Cached());
        Assert.Equal(1, harness.Store.CountOf("renew"));
    }

    [Fact]
    public async Task PinAsync_WithTtl_EndsThenThoughUsed()
    {
        await using var harness = await StartAsync(Token);

        var pin = await harness.Directory.Operator.PinAsync(Cluster, Sender(), "mta2", TimeSpan.FromMinutes(10), Token);
        harness.Time.Advance(TimeSpan.FromMinutes(9));

        Assert.Equal(pin, harness.Cached());
        Assert.Equal(AffinityReason.Pinned, pin.Reason);
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(harness.Cached());
    }

    [Fact]
    public async Task MoveAsync_Expected_MovedAvoidedAndCounted()
    {
        await using var harness = await StartAsync(Token);
        var first = (await harness.AssignAsync("mta1", Token)).Entry!;

        var moved = await harness.Directory.MoveAsync(
            Cluster, Sender(), first, new AffinityMove("mta2", AffinityReason.Rerouted, TimeSpan.FromMinutes(15)), Token);

        Assert.Equal("mta2", moved.Destination);
        Assert.True(moved.Avoids("mta1", harness.Time.GetUtcNow().AddMinutes(14)));
        Assert.True(harness.Directory.TryGet(Cluster, Sender(), out AffinityLookup lookup));
        Assert.Equal(new AffinityLookup(moved, AffinityUse.Moved), lookup);
        Assert.Contains("smtpproxy_reroutes_total{cluster=\"pool\",reason=\"rerouted\"} 1", await harness.ScrapeAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MoveAsync_AnotherProxyMovedIt_ItsAnswer()
    {
        await using var harness = await StartAsync(Token);
        var first = (await harness.AssignAsync("mta1", Token)).Entry!;
        var theirs = await harness.Store.Other.TryMoveAsync(Key(), first.Generation, harness.Entry("mta3"), Token);

        var moved = await harness.Directory.MoveAsync(Cluster, Sender(), first, new AffinityMove("mta2", AffinityReason.Rerouted), Token);

        Assert.Equal(theirs, moved);
        Assert.Equal(theirs, harness.Cached());
        Assert.DoesNotContain("smtpproxy_reroutes_total{", await harness.ScrapeAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operator_RemoveListCount_StoreAndCacheAgree()
    {
        await using var harness = await StartAsync(Token);
        for (var i = 0; i < 6; i++)
        {
            await harness.AssignAsync($"mta{i % 2}", Token, $"sender{i}");
        }

        Assert.True(await harness.Directory.Operator.RemoveAsync(Cluster, Sender("sender0"), Token));
        Assert.False(await harness.Directory.Operator.RemoveAsync(Cluster, Sender("sender0"), Token));
        Assert.Null(harness.Cached("sender0"));
        Assert.Equal(3, await harness.Directory.Operator.RemoveAllAsync(Cluster, "MTA1", Token));
        Assert.Null(harness.Cached("sender1"));
        Assert.NotNull(harness.Cached("sender2"));
        Assert.Equal(2, await harness.Directory.Operator.CountAsync(Cluster, Token));
        var listed = await harness.Directory.Operator.ListAsync(Cluster, Token).ToListAsync(Token);
        Assert.Equal(["sender2", "sender4"], listed.Select(pair => pair.Key.Key).Order());
    }

    [Fact]
    public async Task Metrics_AfterLookups_Published()
    {
        await using var harness = await StartAsync(Token);
        await harness.AssignAsync("mta1", Token);
        harness.Cached();
        harness.Cached();
        harness.Directory.TryGet(Cluster, SenderKey.None, out AffinityLookup _);

        var text = await harness.ScrapeAsync(Token);

        Assert.Contains("smtpproxy_affinity_lookups_total{result=\"new\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("smtpproxy_affinity_lookups_total{result=\"hit\"} 2", text, StringComparison.Ordinal);
        Assert.Contains("smtpproxy_affinity_lookups_total{result=\"none\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("smtpproxy_affinity_entries{cluster=\"pool\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("smtpproxy_store_up 1", text, StringComparison.Ordinal);
        Assert.Contains("smtpproxy_store_operation_seconds_count{op=\"assign\"} 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AssignAsync_MoreThanMaxEntries_CacheIsBounded()
    {
        await using var harness = await StartAsync(Token, maxEntries: 100);
        for (var i = 0; i < 1000; i++)
        {
            await harness.AssignAsync("mta1", Token, $"sender{i}");
        }

        var text = await harness.ScrapeAsync(Token);
        var line = text.Split('\n').Single(line => line.StartsWith("smtpproxy_affinity_entries{", StringComparison.Ordinal));
        Assert.InRange(int.Parse(line.Split(' ')[1], provider: null), 50, 110);
    }
}
