using System.Net;
using SmtpProxy.TestKit.Servers;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Cases;

/// <summary>Plays one variant of a case against a proxy, with the servers of the case behind it.</summary>
public static class CaseRunner
{
    private const int LogTailLines = 25;

    private static readonly TimeSpan LongestLearning = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(150);

    // What a server must not get can still be on its way when the client has seen its last reply; what it must get, too.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan SettleAtMost = TimeSpan.FromSeconds(2);

    /// <summary>Starts the proxy, plays, and compares. The caller disposes of the proxy.</summary>
    public static async Task<CaseResult> PlayAsync(CaseVariant played, IProxyUnderTest proxy, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(LongestRun, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        using var authority = NeedsTls(played) ? new TestAuthority() : null;
        var servers = Servers(played, authority);
        string? complaint;
        try
        {
            complaint = await PlayAsync(played, proxy, servers, authority, either.Token);
        }
        catch (Exception e) when (e is StepFailedException or ProxyStartException)
        {
            complaint = e.Message + Hint(servers);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            complaint = $"not over after {LongestRun.TotalSeconds:0} s";
        }
        finally
        {
            await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
        }

        return new CaseResult(complaint, [.. proxy.Log.TakeLast(LogTailLines)]);
    }

    private static async Task<string?> PlayAsync(
        CaseVariant played, IProxyUnderTest proxy, IReadOnlyList<ScriptedServer> servers, TestAuthority? authority, CancellationToken cancellationToken)
    {
        var addresses = servers.ToDictionary(server => server.Name, server => server.EndPoint);
        await using var etcd = played.Config.Etcd is null
            ? null : await CaseEtcd.StartAsync(endpoint => CaseConfiguration.For(played, addresses, authority, endpoint), cancellationToken);
        var setup = CaseConfiguration.For(played, addresses, authority, etcd?.Endpoint);
        await proxy.StartAsync(setup, cancellationToken);
        await AffinityPresets.PutAsync(setup.Admin, played.Config.Affinity, cancellationToken);
        if (played.Config.LearnCapabilities)
        {
            await WaitUntilLearntAsync(servers, cancellationToken);
        }

        var listener = setup.Listeners[CaseConfiguration.ListenerOf(played)];
        await using var client = new CaseClient(listener, new CaseControls(proxy, etcd), authority?.Policy, cancellationToken);
        await client.PlayAsync(played.ClientSteps);
        await Task.Delay(Settle, TimeProvider.System, cancellationToken);
        string? complaint = null;
        await Poll.TryUntilAsync(() => (complaint = FirstComplaint(played, servers, client, proxy)) is null, SettleAtMost, cancellationToken);
        return complaint;
    }

    private static bool NeedsTls(CaseVariant played) => played.Config.Starttls || played.Config.BackendTls.Count > 0;

    private static List<ScriptedServer> Servers(CaseVariant played, TestAuthority? authority) =>
    [
        .. played.ServerNames.Select(name => ScriptedServer.Start(
            name, new IPEndPoint(IPAddress.Loopback, 0), authority?.Issue($"{name}.example.com"), [.. played.BackendScript.Where(entry => entry.Backend == name)])),
    ];

    /// <summary>The proxy has asked every server what it offers. Those sessions are over, and do not count.</summary>
    private static async Task WaitUntilLearntAsync(IReadOnlyList<ScriptedServer> servers, CancellationToken cancellationToken)
    {
        await Poll.UntilAsync(
            () => servers.All(server => server.Sessions is [{ IsEstablished: false, Commands: [_, ..] }, ..]), LongestLearning, "all servers are known", cancellationToken);
        foreach (var server in servers)
        {
            server.Forget();
        }
    }

    private static string? FirstComplaint(CaseVariant played, IReadOnlyList<ScriptedServer> servers, CaseClient client, IProxyUnderTest proxy) =>
        played.ExpectBackendReceived.SelectMany(expected => ServerExpectations.Complaints(expected, servers))
            .Concat(ClientExpectations.Complaints(played, client.Connections, proxy.Log))
            .FirstOrDefault();

    /// <summary>A script that met an unexpected line is often why the client saw the wrong thing.</summary>
    private static string Hint(IReadOnlyList<ScriptedServer> servers) =>
        servers.SelectMany(server => server.Sessions.SelectMany(session => session.Unexpected.Select(line => (server.Name, line))))
            .Select(odd => $" [{odd.Name}'s script had no place for '{Octets.Shown(Octets.OfText(odd.line))}']")
            .FirstOrDefault() ?? "";
}
