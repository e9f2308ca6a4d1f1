using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.TestKit.Affinity;
using Xunit;
using static SmtpProxy.Tests.Affinity.DirectoryHarness;

namespace SmtpProxy.Tests.Affinity;

public sealed class RerouteObserverTests : IAsyncLifetime
{
    private readonly List<LimitKind> _hits = [];
    private DirectoryHarness? _harness;
    private RerouteObserver? _observer;
    private AffinityEntry? _entry;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DirectoryHarness Harness => _harness!;

    private RerouteObserver Observer => _observer!;

    private AffinityEntry Entry => _entry!;

    public async ValueTask InitializeAsync()
    {
        _harness = await StartAsync(Token);
        _observer = New(new AffinityStoreConfig());
        Observer.Start();
        _entry = (await Harness.AssignAsync("mta1", Token)).Entry;
    }

    public async ValueTask DisposeAsync()
    {
        await Observer.DisposeAsync();
        await Harness.DisposeAsync();
    }

    [Fact]
    public async Task OnCompleted_ThreeFailures_EntryMovesToTheFallback()
    {
        Fail();
        Fail();
        Assert.Equal(Entry, Harness.Cached());
        Fail();

        await MovedAsync("mta2");
        var moved = Harness.Cached()!;
        Assert.Equal(AffinityReason.Rerouted, moved.Reason);
        Assert.Equal("mta1", moved.AvoidedDestination);
        Assert.Equal(Harness.Time.GetUtcNow() + Harness.Config.AvoidFor, moved.AvoidedUntil);
        Assert.Contains("smtpproxy_reroutes_total{cluster=\"pool\",reason=\"rerouted\"} 1", await Harness.ScrapeAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnCompleted_SuccessThere_ResetsTheCount()
    {
        Fail();
        Fail();
        Observer.OnCompleted(Record(TransactionOutcome.Relayed, Attempt("mta1", fails: false)));
        Fail();
        Fail();
        await StaysAsync();

        Fail();
        await MovedAsync("mta2");
    }

    [Fact]
    public async Task OnCompleted_SuccessElsewhere_CountsAsFailureOfTheEntry()
    {
        for (var i = 0; i < 3; i++)
        {
            Observer.OnCompleted(Record(TransactionOutcome.Relayed, Attempt("mta1", fails: true), Attempt("mta2", fails: false)));
        }

        await MovedAsync("mta2");
    }

    [Fact]
    public async Task OnCompleted_TwoFailedAttemptsInOneTransaction_CountOnce()
    {
        for (var i = 0; i < 2; i++)
        {
            Observer.OnCompleted(Record(TransactionOutcome.Deferred, Attempt("mta1", fails: true), Attempt("mta1", fails: true)));
        }

        await StaysAsync();
    }

    [Fact]
    public async Task OnCompleted_FailureThenSuccessThereInOneTransaction_Resets()
    {
        Fail();
        Fail();
        Observer.OnCompleted(Record(TransactionOutcome.Relayed, Attempt("mta1", fails: true), Attempt("mta1", fails: false)));
        Fail();

        await StaysAsync();
    }

    [Fact]
    public async Task OnCompleted_AttemptsThatDoNotCountOrElsewhere_Nothing()
    {
        for (var i = 0; i < 10; i++)
        {
            Observer.OnCompleted(Record(TransactionOutcome.Deferred, Attempt("mta1", fails: false)));
            Observer.OnCompleted(Record(TransactionOutcome.Deferred, Attempt("mta2", fails: true)));
            Observer.OnCompleted(Record(TransactionOutcome.Deferred, Attempt("mta1", fails: true)) with { Entry = null });
            Observer.OnCompleted(Record(TransactionOutcome.Deferred, Attempt("mta1", fails: true)) with { Key = SenderKey.None });
        }

        await StaysAsync();
    }

    [Fact]
    public async Task OnCompleted_FailuresFurtherApartThanTheWindow_DoNotCount()
    {
        for (var i = 0; i < 4; i++)
        {
            Fail();
            Harness.Time.Advance(TimeSpan.FromMinutes(6));
        }

        await StaysAsync();
    }

    [Fact]
    public async Task OnCompleted_NowhereToGo_MovesOnceThereIs()
    {
        for (var i = 0; i < 5; i++)
        {
            Observer.OnCompleted(Record(TransactionOutcome.Deferred, Attempt("mta1", fails: true)) with { Fallback = null });
        }

        await StaysAsync();
        Fail();
        await MovedAsync("mta2");
    }

    [Fact]
    public async Task OnCompleted_AnotherProxyMovedIt_ItsAnswerStays()
    {
        var theirs = await Harness.Store.Other.TryMoveAsync(Key(), Entry.Generation, Harness.Entry("mta3"), Token);
        Fail();
        Fail();
        Fail();

        await StaysAsync(theirs);
    }

    [Fact]
    public async Task OnCompleted_StoreHangs_ReturnsAtOnceAndMovesHere()
    {
        Harness.Store.Hangs = true;
        Fail();
        Fail();
        Fail();

        await Harness.PassUntilAsync(() => Harness.Cached()?.Destination == "mta2", "moved in memory", Token);
    }

    [Fact]
    public async Task OnCompleted_MoreMovesThanMayWait_AreCountedAndTriedWithTheNextFailure()
    {
        // Not started: nothing leaves the queue.
        await using var observer = New(new AffinityStoreConfig { MaxQueuedMoves = 1 });
        foreach (var (sender, failures, hits) in ((string, int, int)[])[("first", 5, 0), ("second", 3, 1), ("second", 1, 2), ("first", 1, 2)])
        {
            for (var i = 0; i < failures; i++)
            {
                observer.OnCompleted(Record(TransactionOutcome.Deferred, Attempt("mta1", fails: true)) with { Key = Sender(sender) });
            }

            Assert.Equal(hits, _hits.Count(static limit => limit == LimitKind.MaxQueuedMoves));
        }

        Assert.DoesNotContain(LimitKind.MaxFailingSenders, _hits);
    }

    [Fact]
    public async Task OnCompleted_MoreFailingSendersThanAreCounted_ForgetsAndCountsIt()
    {
        await using var observer = New(new AffinityStoreConfig { MaxFailingSenders = 3 });
        for (var i = 0; i < 50; i++)
        {
            observer.OnCompleted(Record(TransactionOutcome.Deferred, Attempt("mta1", fails: true)) with { Key = Sender($"{i}") });
        }

        Assert.InRange(_hits.Count, 40, 50);
        Assert.All(_hits, static limit => Assert.Equal(LimitKind.MaxFailingSenders, limit));
    }

    private RerouteObserver New(AffinityStoreConfig bounds) =>
        new(Harness.Directory, bounds, _ => Harness.Config, _hits.Add, Harness.Time, NullLogger<RerouteObserver>.Instance);

    private static AttemptRecord Attempt(string destination, bool fails) => new(
        destination, EndPoint: null, TransactionStage.Rcpt, fails ? AttemptResult.Refused : AttemptResult.Answered, Code: fails ? 421 : 250, default, fails);

    private void Fail() => Observer.OnCompleted(Record(TransactionOutcome.Deferred, Attempt("mta1", fails: true)));

    private Task MovedAsync(string destination) =>
        Eventually.HoldsAsync(() => Harness.Cached()?.Destination == destination, $"the entry is at {destination}", cancellationToken: Token);

    // What was queued before is done in order: once a later move of another sender has come through, an earlier one would have.
    private async Task StaysAsync(AffinityEntry? entry = null)
    {
        var other = (await Harness.AssignAsync("mta1", Token, "other")).Entry;
        for (var i = 0; i < 3; i++)
        {
            Observer.OnCompleted(Record(TransactionOutcome.Deferred, Attempt("mta1", fails: true)) with { Key = Sender("other"), Entry = other });
        }

        await Eventually.HoldsAsync(() => Harness.Cached("other")?.Destination == "mta2", "the other sender moved", cancellationToken: Token);
        Assert.Equal((entry ?? Entry).Destination, Harness.Cached()?.Destination);
        await Harness.Directory.Operator.RemoveAsync(Cluster, Sender("other"), Token);
    }

    private TransactionRecord Record(TransactionOutcome outcome, params IReadOnlyList<AttemptRecord> attempts) => new()
    {
        Id = Guid.CreateVersion7(Harness.Time.GetUtcNow()),
        Number = 1,
        Envelope = new Envelope
        {
            Client = new ClientIdentity("s1", "mx", new IPEndPoint(IPAddress.Loopback, 4000), new IPEndPoint(IPAddress.Loopback, 25)),
            Helo = "client.example",
            Sender = "a@example.org",
            SenderAt = 1,
            MailCommand = default,
            BareMailCommand = default,
        },
        Cluster = Cluster,
        Key = Sender(),
        Affinity = AffinityUse.Hit,
        Entry = Entry,
        Fallback = "mta2",
        Attempts = attempts,
        Replies = [],
        Outcome = outcome,
        Stage = TransactionStage.Rcpt,
    };
}
