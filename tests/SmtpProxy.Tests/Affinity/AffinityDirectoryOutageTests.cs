using SmtpProxy.Affinity;
using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Affinity;
using Xunit;
using static SmtpProxy.Tests.Affinity.DirectoryHarness;

namespace SmtpProxy.Tests.Affinity;

public sealed class AffinityDirectoryOutageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AssignAsync_StoreAway_HashRememberedAndReconciled()
    {
        await using var harness = await StartAsync(Token);
        harness.Store.IsAway = true;

        var lookup = await harness.AssignAsync("mta1", Token);

        Assert.Equal(AffinityUse.Hash, lookup.Use);
        Assert.Equal("mta1", lookup.Entry!.Destination);
        Assert.True(harness.Directory.TryGet(Cluster, Sender(), out AffinityLookup again));
        Assert.Equal(lookup, again);
        Assert.Equal(1, harness.Directory.QueuedWrites);
        Assert.False(harness.Directory.IsStoreUp);

        harness.Store.IsAway = false;
        await harness.PassUntilAsync(() => harness.Cached()?.Generation > 0, "reconciled", Token);
        Assert.Equal(harness.Cached(), await harness.Store.Other.GetAsync(Key(), Token));
        Assert.True(harness.Directory.TryGet(Cluster, Sender(), out AffinityLookup after));
        Assert.Equal(AffinityUse.Hit, after.Use);
    }

    [Fact]
    public async Task AssignAsync_StoreAwayAndAnotherChoseMeanwhile_TheStoreWins()
    {
        await using var harness = await StartAsync(Token);
        harness.Store.IsAway = true;
        await harness.AssignAsync("mta1", Token);
        var watcher = harness.Store.Watcher!;
        await harness.Store.Other.StartAsync(new RecordingWatcher(), Token);
        var theirs = await harness.Store.Other.TryAssignAsync(Key(), harness.Entry("mta2"), Token);
        await harness.Store.Other.StartAsync(watcher, Token);

        harness.Store.IsAway = false;

        await harness.PassUntilAsync(() => harness.Cached() == theirs, "the store's entry is in the cache", Token);
        Assert.Equal(0, harness.Directory.QueuedWrites);
    }

    [Fact]
    public async Task IsStoreUp_NothingIsAskedOfTheStoreAfterAnOutage_TrueAgain()
    {
        await using var harness = await StartAsync(Token);
        harness.Store.IsAway = true;
        await harness.AssignAsync("mta1", Token);
        await harness.Store.Other.TryAssignAsync(Key(), harness.Entry("mta2"), Token);
        Assert.Equal(0, harness.Directory.QueuedWrites);

        harness.Store.IsAway = false;

        await harness.PassUntilAsync(() => harness.Directory.IsStoreUp, "it is found to be back", Token);
        var calls = harness.Store.Calls.Count;
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(calls, harness.Store.Calls.Count);
    }

    [Fact]
    public async Task AssignAsync_StoreHangs_EndsByTheDeadlineOncePerBackoff()
    {
        await using var harness = await StartAsync(Token);
        harness.Store.Hangs = true;

        var first = harness.AssignAsync("mta1", Token).AsTask();
        Assert.False(first.IsCompleted);
        harness.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(AffinityUse.Hash, (await first).Use);

        for (var i = 0; i < 100; i++)
        {
            var next = harness.AssignAsync("mta1", Token, $"sender{i}");
            Assert.True(next.IsCompletedSuccessfully || (await next).Use == AffinityUse.Hash);
        }

        Assert.InRange(harness.Store.Calls.Count, 1, 2);
    }

    [Fact]
    public async Task GetAsync_StoreAway_HashWithoutEntry()
    {
        await using var harness = await StartAsync(Token);
        harness.Store.IsAway = true;

        Assert.Equal(new AffinityLookup(null, AffinityUse.Hash), await harness.Directory.GetAsync(Cluster, Sender(), Token));
        Assert.Equal(new AffinityLookup(null, AffinityUse.Hash), await harness.Directory.GetAsync(Cluster, Sender(), Token));
        Assert.Equal(1, harness.Store.CountOf("get"));
    }

    [Fact]
    public async Task TryGet_StoreAway_CachedSendersStay()
    {
        await using var harness = await StartAsync(Token);
        var first = (await harness.AssignAsync("mta1", Token)).Entry;
        harness.Store.IsAway = true;

        Assert.Equal(first, harness.Cached());
    }

    [Fact]
    public async Task TryGet_StoreAwayLongerThanTtl_UsedEntryStaysAndIsRenewedLater()
    {
        await using var harness = await StartAsync(Token);
        var first = (await harness.AssignAsync("mta1", Token)).Entry!;
        harness.Store.IsAway = true;
        harness.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.NotNull(harness.Cached());
        harness.Store.IsAway = false;

        AffinityEntry? stored = null;
        await Poll.UntilAsync(
            async () =>
            {
                harness.Time.Advance(TimeSpan.FromMilliseconds(200));
                stored = await harness.Store.Other.GetAsync(Key(), Token);
                return stored?.ExpiresAt > first.ExpiresAt;
            },
            TimeSpan.FromSeconds(30), "renewed", Token);
        Assert.Equal(first.Generation, stored!.Generation);
    }

    [Fact]
    public async Task MoveAsync_StoreAway_HoldsHereAndIsReconciled()
    {
        await using var harness = await StartAsync(Token);
        var first = (await harness.AssignAsync("mta1", Token)).Entry!;
        harness.Store.IsAway = true;

        var moved = await harness.Directory.MoveAsync(Cluster, Sender(), first, new AffinityMove("mta2", AffinityReason.Rerouted), Token);

        Assert.Equal("mta2", moved.Destination);
        Assert.Equal(moved, harness.Cached());
        harness.Store.IsAway = false;
        await harness.PassUntilAsync(() => harness.Cached()?.Generation > first.Generation, "reconciled", Token);
        Assert.Equal("mta2", (await harness.Store.Other.GetAsync(Key(), Token))!.Destination);
    }

    [Fact]
    public async Task MoveAsync_StoreAwayAndAnotherMovedIt_TheStoreWins()
    {
        await using var harness = await StartAsync(Token);
        var first = (await harness.AssignAsync("mta1", Token)).Entry!;
        harness.Store.IsAway = true;
        await harness.Directory.MoveAsync(Cluster, Sender(), first, new AffinityMove("mta2", AffinityReason.Rerouted), Token);
        var theirs = await harness.Store.Other.TryMoveAsync(Key(), first.Generation, harness.Entry("mta3"), Token);

        Assert.Equal(theirs, harness.Cached());
        harness.Store.IsAway = false;
        await harness.PassUntilAsync(() => harness.Directory.QueuedWrites == 0, "reconciled", Token);
        Assert.Equal(theirs, harness.Cached());
        Assert.Equal(theirs, await harness.Store.Other.GetAsync(Key(), Token));
    }

    [Fact]
    public async Task AssignAsync_StoreAwayAndTooManyWrites_BoundedAndCounted()
    {
        await using var harness = await StartAsync(Token, maxQueuedWrites: 10);
        harness.Store.IsAway = true;

        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(AffinityUse.Hash, (await harness.AssignAsync("mta1", Token, $"sender{i}")).Use);
            Assert.NotNull(harness.Cached($"sender{i}"));
        }

        Assert.InRange(harness.Directory.QueuedWrites, 9, 10);
        Assert.Matches("smtpproxy_affinity_dropped_writes_total (19|2[0-9])\n", await harness.ScrapeAsync(Token));
    }

    [Fact]
    public async Task OnReset_EntriesNotCurrent_Gone()
    {
        await using var harness = await StartAsync(Token);
        var kept = (await harness.AssignAsync("mta1", Token, "kept")).Entry!;
        await harness.AssignAsync("mta1", Token, "gone");

        harness.Store.Watcher!.OnReset([new(Key("kept"), kept), new(Key("new"), kept)]);

        Assert.Equal(kept, harness.Cached("kept"));
        Assert.Null(harness.Cached("gone"));
        Assert.Equal(kept, harness.Cached("new"));
    }

    [Fact]
    public async Task OnReset_OwnDecisionThatWaits_Stays()
    {
        await using var harness = await StartAsync(Token);
        harness.Store.IsAway = true;
        await harness.AssignAsync("mta1", Token, "mine");

        harness.Store.Watcher!.OnReset([]);

        Assert.Equal("mta1", harness.Cached("mine")?.Destination);
    }

    [Fact]
    public async Task OnChanged_OlderGeneration_Ignored()
    {
        await using var harness = await StartAsync(Token);
        var first = (await harness.AssignAsync("mta1", Token)).Entry!;
        var second = await harness.Store.Other.TryMoveAsync(Key(), first.Generation, harness.Entry("mta2"), Token);

        harness.Store.Watcher!.OnChanged(Key(), first);

        Assert.Equal(second, harness.Cached());
    }

    [Fact]
    public async Task Operator_StoreAway_ChangesThrowListingsComeFromMemory()
    {
        await using var harness = await StartAsync(Token);
        await harness.AssignAsync("mta1", Token);
        harness.Store.IsAway = true;

        await Assert.ThrowsAsync<AffinityStoreException>(() => harness.Directory.Operator.PinAsync(Cluster, Sender(), "mta2", null, Token).AsTask());
        await Assert.ThrowsAsync<AffinityStoreException>(() => harness.Directory.Operator.RemoveAsync(Cluster, Sender(), Token).AsTask());
        Assert.Equal("mta1", harness.Cached()?.Destination);
        Assert.Single(await harness.Directory.Operator.ListAsync(Cluster, Token).ToListAsync(Token));
        Assert.Equal(1, await harness.Directory.Operator.CountAsync(Cluster, Token));
    }
}
