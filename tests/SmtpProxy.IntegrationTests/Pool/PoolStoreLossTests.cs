using SmtpProxy.TestKit;
using Xunit;

namespace SmtpProxy.IntegrationTests.Pool;

[Collection(PoolCollection.Name)]
public class PoolStoreLossTests(PostfixPool pool) : IClassFixture<PostfixPool>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact(Timeout = 240_000)]
    public async Task Send_EtcdKilledAndRestartedUnderLoad_NoClientNotices()
    {
        const string Domain = "outage.example.net";
        var cancellationToken = TestContext.Current.CancellationToken;
        var known = Enumerable.Range(1, 30).Select(i => $"known{i}@{Domain}").ToArray();
        var added = Enumerable.Range(1, 20).Select(i => $"added{i}@{Domain}").ToArray();
        var traffic = new PoolTraffic(pool.Proxies, 4, known, cancellationToken);
        await traffic.UntilEachHasSentAsync(known, 2);
        await UntilStoreIsAsync(isUp: true, cancellationToken);
        var before = await pool.Proxies[0].EntriesAsync(known, cancellationToken);

        await pool.Etcd.KillAsync(cancellationToken);
        traffic.Add(added);
        await UntilStoreIsAsync(isUp: false, cancellationToken);
        await traffic.UntilEachHasSentAsync([.. known, .. added], 2);

        await pool.Etcd.RestartAsync(cancellationToken);
        await UntilStoreIsAsync(isUp: true, cancellationToken);
        var agreed = await UntilAgreedAsync(added, cancellationToken);
        await traffic.UntilEachHasSentAsync([.. known, .. added], 1);
        await traffic.StopAsync();

        Assert.Empty(traffic.Journal.Refusals);
        var deliveries = await pool.CollectAsync(Domain, cancellationToken);
        PoolCount.AssertEachOnce(traffic.Journal.Told, deliveries);

        // Whom the proxies know keeps its server through all of it, and for who is new they choose alike without the store.
        var servers = PoolCount.AssertOneServerEach(deliveries);
        Assert.All(known, sender => Assert.Equal(before[sender].Destination, servers[sender]));
        Assert.All(added, sender => Assert.Equal(agreed[sender].Destination, servers[sender]));
        Assert.Equal(agreed, await UntilAgreedAsync(added, cancellationToken));
    }

    private async Task UntilStoreIsAsync(bool isUp, CancellationToken cancellationToken)
    {
        foreach (var proxy in pool.Proxies)
        {
            var isSeen = await Poll.TryUntilAsync(
                async () => await proxy.MetricAsync("smtpproxy_store_up", cancellationToken) == (isUp ? 1 : 0), Patience, cancellationToken);
            Assert.True(isSeen, $"{proxy.Name} does not see the store {(isUp ? "up" : "down")}; its log ends so:\n{proxy.Complaints()}");
        }
    }

    /// <summary>The entries of senders once both proxies show the same, written in the store: one from memory alone has no generation.</summary>
    private async Task<IReadOnlyDictionary<string, PoolEntry>> UntilAgreedAsync(string[] senders, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, PoolEntry> first = new Dictionary<string, PoolEntry>();
        await Poll.UntilAsync(
            async () =>
            {
                first = await pool.Proxies[0].EntriesAsync(senders, cancellationToken);
                var second = await pool.Proxies[1].EntriesAsync(senders, cancellationToken);
                return senders.All(sender => first[sender] == second[sender] && first[sender].Generation > 0);
            },
            Patience, "both proxies show the same entries", cancellationToken);
        return first;
    }
}
