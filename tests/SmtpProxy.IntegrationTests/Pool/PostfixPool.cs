using System.Net;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Postfix;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>Three Postfix servers, etcd, and two proxies that share their choices through it.</summary>
public sealed class PostfixPool : IAsyncLifetime
{
    private static readonly TimeSpan LongestDelivery = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, PostfixServer> _servers = [];
    private readonly List<PoolProxy> _proxies = [];
    private EtcdServer? _etcd;

    /// <summary>The servers by the identifier that the proxies know them by.</summary>
    public IReadOnlyDictionary<string, PostfixServer> Servers => _servers;

    /// <summary>What both proxies keep their entries in.</summary>
    public EtcdServer Etcd => _etcd ?? throw new InvalidOperationException("Not started.");

    /// <summary>The two proxies.</summary>
    public IReadOnlyList<PoolProxy> Proxies => _proxies;

    /// <summary>Where the servers are.</summary>
    public IReadOnlyDictionary<string, IPEndPoint> Destinations => Servers.ToDictionary(server => server.Key, server => server.Value.EndPoint);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        try
        {
            RequirePrograms();
            await StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the servers have delivered all that they have taken, and reads the mailboxes. Only mail of senders in
    /// <paramref name="domain"/> counts: each test has its own.</summary>
    public async Task<IReadOnlyList<PoolDelivery>> CollectAsync(string domain, CancellationToken cancellationToken)
    {
        var deliveries = new List<PoolDelivery>();
        foreach (var (id, server) in Servers)
        {
            await server.WaitForQueueEmptyAsync(LongestDelivery, cancellationToken);
            deliveries.AddRange(
                from message in await server.MessagesAsync(cancellationToken)
                where message.Sender.EndsWith($"@{domain}", StringComparison.Ordinal)
                select PoolDelivery.Of(id, message));
        }

        return deliveries;
    }

    /// <summary>Sends messages of one sender by Postfix's load generator, which ends with an error unless all are taken.</summary>
    public static Task SendBySmtpSourceAsync(PoolProxy proxy, string sender, int messages, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync(
            "/usr/sbin/smtp-source",
            ["-s", "2", "-m", $"{messages}", "-f", sender, "-t", "inbox@example.org", "-M", "client.example.com", proxy.EndPoint.ToString()],
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_proxies.Select(proxy => proxy.DisposeAsync().AsTask()));
        await (_etcd?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Task.WhenAll(_servers.Values.Select(server => server.DisposeAsync().AsTask()));
    }

    private static void RequirePrograms()
    {
        if (!PostfixServer.IsAvailable)
        {
            throw new InvalidOperationException("These tests need Postfix and root: apt-get install postfix");
        }

        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(directory => File.Exists(Path.Combine(directory, "etcd"))))
        {
            throw new InvalidOperationException("These tests need etcd: apt-get install etcd-server");
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var id in (string[])["mta1", "mta2", "mta3"])
        {
            _servers[id] = await PostfixServer.StartAsync(new PostfixOptions { Hostname = $"{id}.example.com" }, cancellationToken);
        }

        _etcd = await EtcdServer.StartAsync(cancellationToken);
        var settings = new PoolSettings
        {
            Destinations = Destinations,
            Store = new { Type = "Etcd", Keys = "Hashed", Etcd = new { Endpoints = new[] { _etcd.Endpoint } } },
        };
        foreach (var name in (string[])["p1", "p2"])
        {
            _proxies.Add(await PoolProxy.StartAsync(name, settings, cancellationToken));
        }
    }
}
