using System.Diagnostics;
using MailKit.Net.Smtp;
using Xunit;

namespace SmtpProxy.IntegrationTests.Pool;

[Collection(PoolCollection.Name)]
public class PoolServerLossTests(PostfixPool pool) : IClassFixture<PostfixPool>
{
    private const string Domain = "loss.example.net";
    private const string Victim = "mta2";
    private const int ConnectionsPerProxy = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact(Timeout = 240_000)]
    public async Task Send_ServerKilledUnderLoad_ItsSendersMoveOnBothProxiesAndNothingIsLost()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var senders = Enumerable.Range(1, 45).Select(i => $"sender{i}@{Domain}").ToArray();
        var traffic = new PoolTraffic(pool.Proxies, ConnectionsPerProxy, senders, cancellationToken);
        await traffic.UntilEachHasSentAsync(senders, 2);
        var before = await pool.Proxies[0].EntriesAsync(senders, cancellationToken);
        var moving = senders.Where(sender => before[sender].Destination == Victim).ToArray();
        Assert.InRange(moving.Length, 5, 30);
        Assert.Empty(traffic.Journal.Refusals);

        var killedFrom = Stopwatch.GetTimestamp();
        await pool.Servers[Victim].KillAsync(cancellationToken);
        var killedUntil = Stopwatch.GetTimestamp();
        var moves = await Task.WhenAll(pool.Proxies.Select(proxy => PoolMoves.WatchAsync(proxy, moving, Victim, Patience, cancellationToken)));
        await traffic.UntilEachHasSentAsync(senders, 1);
        await traffic.StopAsync();

        // What the killed server had taken is in its queue.
        await pool.Servers[Victim].StartAsync(cancellationToken);
        var deliveries = await pool.CollectAsync(Domain, cancellationToken);
        var refusals = traffic.Journal.Refusals;

        // All that clients saw of it: a lost reply on connections that waited for one.
        Assert.All(refusals, refusal => Assert.True(
            refusal is { Code: 451, Step: SmtpErrorCode.MessageNotAccepted } && refusal.StartedAt < killedUntil && refusal.EndedAt > killedFrom,
            $"{refusal} is not of a message in flight at the kill ({killedFrom} to {killedUntil})"));
        Assert.All(refusals.CountBy(refusal => refusal.Connection), connection => Assert.Equal(1, connection.Value));

        // A delivery that the kill interrupts is made again from the queue: the same message of that server, not another one.
        PoolCount.AssertEachOnce(
            traffic.Journal.Told, [.. deliveries.Distinct()], refusals.Select(refusal => refusal.Message.Id).ToHashSet());
        AssertMovedTogether(moving, moves[0], moves[1]);
        await AssertOthersStayedAsync(senders.Except(moving), before, cancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{traffic.Journal.Told.Count} messages; {moving.Length} senders moved; {refusals.Count} replies lost; "
            + $"{deliveries.Distinct().Count() - traffic.Journal.Told.Count} of these messages came twice");
    }

    private static void AssertMovedTogether(string[] senders, PoolMoves first, PoolMoves second)
    {
        foreach (var sender in senders)
        {
            Assert.Equal("rerouted", first.Moved[sender].Entry.Reason);
            Assert.Equal(first.Moved[sender].Entry, second.Moved[sender].Entry);
            Assert.True(
                PoolMoves.Lag(first.Moved[sender], second.Moved[sender]) < TimeSpan.FromSeconds(1),
                $"{sender} had moved on one proxy and not on the other for {PoolMoves.Lag(first.Moved[sender], second.Moved[sender])}");
        }
    }

    private async Task AssertOthersStayedAsync(
        IEnumerable<string> senders, IReadOnlyDictionary<string, PoolEntry> before, CancellationToken cancellationToken)
    {
        var others = senders.ToArray();
        foreach (var proxy in pool.Proxies)
        {
            var entries = await proxy.EntriesAsync(others, cancellationToken);
            Assert.All(others, sender => Assert.Equal(before[sender].Destination, entries[sender].Destination));
        }
    }
}
