using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Postfix;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests.Pool;

[Collection(PoolCollection.Name)]
public class PoolStickinessTests(PostfixPool pool) : IClassFixture<PostfixPool>
{
    private const int Limit = 180_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact(Timeout = Limit)]
    public async Task Send_TwoThousandMessagesThroughTwoProxies_EachSenderHasOneServer()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        const string Domain = "sticky.example.net";
        var clientSenders = Enumerable.Range(1, 190).Select(i => $"sender{i}@{Domain}").ToArray();
        var sourceSenders = Enumerable.Range(191, 10).Select(i => $"sender{i}@{Domain}").ToArray();
        var journal = new PoolJournal();

        await Task.WhenAll(
            PoolLoad.RunAsync(pool.Proxies, 8, clientSenders, 5, journal, cancellationToken),
            Parallel.ForEachAsync(
                sourceSenders.SelectMany(_ => pool.Proxies, (sender, proxy) => (sender, proxy)),
                new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
                async (send, token) => await PostfixPool.SendBySmtpSourceAsync(send.proxy, send.sender, 5, token)));

        var deliveries = await pool.CollectAsync(Domain, cancellationToken);
        Assert.Empty(journal.Refusals);
        Assert.All(pool.Proxies, proxy => Assert.Equal(950, journal.CountThrough(proxy)));
        PoolCount.AssertEachOnce(journal.Told, [.. deliveries.Where(delivery => clientSenders.Contains(delivery.Sender))]);
        Assert.Equal(2000, deliveries.Count);
        Assert.Equal(2000, deliveries.Select(delivery => delivery.MessageId).Distinct().Count());
        Assert.All(deliveries.CountBy(delivery => delivery.Sender), sender => Assert.Equal(10, sender.Value));

        var servers = PoolCount.AssertOneServerEach(deliveries);
        Assert.Equal(200, servers.Count);
        Assert.Equal(pool.Servers.Keys.Order(), servers.Values.Distinct().Order());
        foreach (var proxy in pool.Proxies)
        {
            var entries = await proxy.EntriesAsync(servers.Keys, cancellationToken);
            Assert.All(servers, server => Assert.Equal(server.Value, entries[server.Key].Destination));
        }
    }

    [Fact(Timeout = Limit)]
    public async Task Relay_QueueOfAnotherPostfix_ArrivesExactlyOnce()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        const string Domain = "relayed.example.net";
        await using var client = await PostfixServer.StartAsync(
            new PostfixOptions { Hostname = "client.example.com", RelayHost = pool.Proxies[0].EndPoint }, cancellationToken);
        await using (var submission = await SmtpClientStub.ConnectAsync(client.EndPoint, cancellationToken))
        {
            for (var i = 1; i <= 50; i++)
            {
                await submission.SendMailAsync(
                    $"sender{i % 10}@{Domain}", ["inbox@example.org"], $"Message-ID: <{i}@{Domain}>\r\nSubject: {i}\r\n\r\n..dot\r\nlast\r\n");
            }
        }

        await client.WaitForQueueEmptyAsync(Patience, cancellationToken);

        var deliveries = await pool.CollectAsync(Domain, cancellationToken);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => $"<{i}@{Domain}>").Order(), deliveries.Select(delivery => delivery.MessageId).Order());
        Assert.Equal(10, PoolCount.AssertOneServerEach(deliveries).Count);
        Assert.Equal(50, client.Log.Count(line => line.Contains("status=sent (250 2.0.0 Ok: queued as", StringComparison.Ordinal)));
        Assert.DoesNotContain(client.Log, line => line.Contains("status=deferred", StringComparison.Ordinal));
    }

    [Fact(Timeout = Limit)]
    public async Task Send_BySwaks_ArrivesExactlyOnce()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        const string Domain = "swaks.example.net";

        var output = await ChildProcess.RunAsync(
            "swaks",
            [
                "--server", pool.Proxies[1].EndPoint.Address.ToString(), "--port", $"{pool.Proxies[1].EndPoint.Port}",
                "--helo", "client.example.com", "--from", $"sender@{Domain}", "--to", "inbox@example.org",
                "--header", $"Message-Id: <1@{Domain}>", "--body", "A line.\n.\nBehind a lone dot.",
            ],
            cancellationToken);

        var delivery = Assert.Single(await pool.CollectAsync(Domain, cancellationToken));
        Assert.Equal($"<1@{Domain}>", delivery.MessageId);
        Assert.Contains($"queued as {delivery.QueueId}", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task Send_AlternatingPinnedSendersOnOneConnection_ReachTheirServersInTurn()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        const string Domain = "pinned.example.net";
        string[] senders = [$"first@{Domain}", $"second@{Domain}"];
        string[] destinations = ["mta1", "mta3"];
        foreach (var (sender, destination) in senders.Zip(destinations))
        {
            await pool.Proxies[0].PinAsync(sender, destination, cancellationToken);
        }

        var told = new List<string>();
        await using (var client = await SmtpClientStub.ConnectAsync(pool.Proxies[0].EndPoint, cancellationToken))
        {
            for (var i = 0; i < 20; i++)
            {
                told.Add(await client.SendMailAsync(senders[i % 2], ["inbox@example.org"], $"Message-ID: <{i}@{Domain}>\r\n\r\n{i}\r\n"));
            }
        }

        var deliveries = (await pool.CollectAsync(Domain, cancellationToken)).ToDictionary(delivery => delivery.MessageId);
        Assert.Equal(20, deliveries.Count);
        for (var i = 0; i < 20; i++)
        {
            var delivery = deliveries[$"<{i}@{Domain}>"];
            Assert.Equal(destinations[i % 2], delivery.Destination);
            Assert.Equal(senders[i % 2], delivery.Sender);
            Assert.Contains($"queued as {delivery.QueueId}", told[i], StringComparison.Ordinal);
        }
    }
}
