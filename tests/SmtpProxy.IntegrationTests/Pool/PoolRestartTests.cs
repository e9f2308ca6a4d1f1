using SmtpProxy.TestKit;
using Xunit;

namespace SmtpProxy.IntegrationTests.Pool;

[Collection(PoolCollection.Name)]
public class PoolRestartTests(PostfixPool pool) : IClassFixture<PostfixPool>
{
    [Fact(Timeout = 180_000)]
    public async Task Restart_SqliteStore_KeepsTheDestinationOfEachSender()
    {
        const string Domain = "restart.example.net";
        var cancellationToken = TestContext.Current.CancellationToken;
        var senders = Enumerable.Range(1, 20).Select(i => $"sender{i}@{Domain}").ToArray();
        using var directory = new TempDirectory();

        // A policy that gives the same sender another destination each time: only the store can bring the old one back.
        var settings = new PoolSettings
        {
            Destinations = pool.Destinations,
            LoadBalancingPolicy = "RoundRobin",
            Store = new { Type = "Sqlite", Sqlite = new { Path = directory.PathOf("affinity.db") } },
        };
        await using var proxy = await PoolProxy.StartAsync("sqlite", settings, cancellationToken);
        var journal = new PoolJournal();
        await PoolLoad.RunAsync([proxy], 1, senders, 2, journal, cancellationToken);
        var before = await proxy.EntriesAsync(senders, cancellationToken);

        await proxy.RestartAsync(cancellationToken);
        var after = await proxy.EntriesAsync(senders, cancellationToken);
        await PoolLoad.RunAsync([proxy], 1, [.. senders.Reverse()], 2, journal, cancellationToken);

        Assert.All(senders, sender => Assert.Equal((before[sender].Destination, before[sender].AssignedAt), (after[sender].Destination, after[sender].AssignedAt)));
        Assert.Equal(pool.Servers.Keys.Order(), before.Values.Select(entry => entry.Destination).Distinct().Order());
        Assert.Empty(journal.Refusals);
        var deliveries = await pool.CollectAsync(Domain, cancellationToken);
        PoolCount.AssertEachOnce(journal.Told, deliveries);
        Assert.Equal(80, deliveries.Count);
        Assert.All(PoolCount.AssertOneServerEach(deliveries), server => Assert.Equal(before[server.Key].Destination, server.Value));
    }
}
