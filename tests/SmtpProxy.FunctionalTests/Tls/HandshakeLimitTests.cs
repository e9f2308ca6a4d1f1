using System.Text;
using SmtpProxy.FunctionalTests.Sessions;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.FunctionalTests.Tls;

public sealed class HandshakeLimitTests : IDisposable
{
    private const int Crowd = 16;

    private readonly TestAuthority _authority = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MaxConcurrentHandshakes_ClientsComeInACrowd_AllAreServedAndThoseThatWaitAreCounted()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        var endPoint = FreePorts.NextEndPoint();
        await using var proxy = await ProxyHarness.StartAsync(
            $$"""
            { "SmtpProxy": {
              "MaxConcurrentHandshakes": 1,
              "Listeners": { "mx": { "Address": "{{endPoint}}", "Hostname": "proxy.example.com", "Tls": {{_authority.Listener("Implicit")}} } },
              "Clusters": { "pool": { "Destinations": { "b1": { "Address": "{{server.EndPoint}}" } } } } } }
            """,
            endPoint);

        await Poll.UntilAsync(
            async () =>
            {
                var greetings = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => GreetingAsync(proxy)));
                Assert.All(greetings, static greeting => Assert.StartsWith("220 proxy.example.com ", greeting, StringComparison.Ordinal));
                return !(await MetricsAsync(proxy)).Contains("smtpproxy_limit_hits_total{limit=\"max_concurrent_handshakes\"} 0\n", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(30), "a handshake to wait", Token);
    }

    [Theory]
    [InlineData("MaxConnections", "max_connections")]
    [InlineData("MaxConnectionsPerClient", "max_connections_per_client")]
    public async Task Implicit_OverAConnectionLimit_IsClosedWithoutAHandshakeAndCounted(string key, string label)
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync(
            [server], $$"""{ "Tls": {{_authority.Listener("Implicit")}}, "Limits": { "{{key}}": 1 } }""");
        await using var first = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await first.ShakeHandsAsync(_authority);
        Assert.StartsWith("220 ", await first.ReplyAsync(), StringComparison.Ordinal);
        await using var refused = await TlsClient.ConnectAsync(proxy.EndPoint, Token);

        Assert.Empty(await refused.RestAsync());
        await Poll.UntilAsync(
            async () => (await MetricsAsync(proxy)).Contains("smtpproxy_sessions_total{listener=\"mx\",result=\"connection_limit\"} 1\n", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30), "the session to be counted", Token);
        Assert.Contains($"smtpproxy_limit_hits_total{{limit=\"{label}\"}} 1\n", await MetricsAsync(proxy), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await first.CommandAsync("NOOP"), StringComparison.Ordinal);
    }

    public void Dispose() => _authority.Dispose();

    private static async Task<string> MetricsAsync(ProxyHarness proxy)
    {
        using var text = new MemoryStream();
        await proxy.Registry.CollectAndExportAsTextAsync(text, Token);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private async Task<string> GreetingAsync(ProxyHarness proxy)
    {
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.ShakeHandsAsync(_authority);
        return await client.ReplyAsync();
    }
}
