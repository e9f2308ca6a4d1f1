using SmtpProxy.TestKit.Servers;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Cases;

/// <summary>Plays one variant of a case against a proxy, with the servers of the case behind it.</summary>
public static class CaseRunner
{
    private const int LogTailLines = 25;

    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(150);

    // What a server must not get can still be on its way when the client has seen its last reply; what it must get, too.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan SettleAtMost = TimeSpan.FromSeconds(2);

    /// <summary>Starts the proxy, plays, and compares. The caller disposes of the proxy.</summary>
    public static async Task<CaseResult> PlayAsync(CaseVariant played, IProxyUnderTest proxy, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(LongestRun, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        var servers = Servers(played);
        string? complaint;
        try
        {
            complaint = await PlayAsync(played, proxy, servers, either.Token);
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
        CaseVariant played, IProxyUnderTest proxy, IReadOnlyList<ScriptedServer> servers, CancellationToken cancellationToken)
    {
        var setup = CaseConfiguration.For(played, servers.ToDictionary(server => server.Name, server => server.EndPoint));
        await proxy.StartAsync(setup, cancellationToken);
        await AffinityPresets.PutAsync(setup.Admin, played.Config.Affinity, cancellationToken);
        var listener = setup.Listeners[CaseConfiguration.ListenerName];
        await using var client = new CaseClient(listener, new CaseControls(proxy), cancellationToken);
        await client.PlayAsync(played.ClientSteps);
        await Task.Delay(Settle, TimeProvider.System, cancellationToken);
        string? complaint = null;
        await Poll.TryUntilAsync(() => (complaint = FirstComplaint(played, servers, client, proxy)) is null, SettleAtMost, cancellationToken);
        return complaint;
    }

    private static List<ScriptedServer> Servers(CaseVariant played) =>
        [.. played.ServerNames.Select(name => ScriptedServer.Start(name, [.. played.BackendScript.Where(entry => entry.Backend == name)]))];

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
