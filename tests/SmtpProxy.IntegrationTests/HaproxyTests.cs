using System.Net;
using System.Net.Sockets;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Processes;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.IntegrationTests;

/// <summary>A real HAProxy in front, that says by PROXY headers who its clients are.</summary>
public sealed class HaproxyTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempDirectory _directory = new();
    private readonly int _front = FreePorts.Next();
    private readonly int _listener = FreePorts.Next();
    private readonly int _admin = FreePorts.Next();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("send-proxy")]
    [InlineData("send-proxy-v2")]
    [InlineData("send-proxy-v2 proxy-v2-options crc32c")]
    [InlineData("send-proxy-v2 proxy-v2-options unique-id,crc32c,authority")]
    public async Task Mail_ThroughHaproxy_TheLogNamesTheClient(string options)
    {
        await using var sink = ScriptedServer.Start("b1", new ServerEntry { Serve = "default" });
        await using var proxy = await StartProxyAsync(sink);
        await using var haproxy = await StartHaproxyAsync(options);

        await SwaksAsync("127.0.0.2");

        Assert.Single(sink.Messages);
        await HostProcess.WaitForLineAsync(proxy, line => line.Contains("\"client\":\"127.0.0.2\"", StringComparison.Ordinal));
        Assert.DoesNotContain(proxy.Lines, line => line.Contains("\"client\":\"127.0.0.1\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mail_HaproxyThatSendsNoHeader_IsNotTaken()
    {
        await using var sink = ScriptedServer.Start("b1", new ServerEntry { Serve = "default" });
        await using var proxy = await StartProxyAsync(sink);
        await using var haproxy = await StartHaproxyAsync("");

        await Assert.ThrowsAsync<InvalidOperationException>(() => SwaksAsync("127.0.0.2"));

        Assert.Empty(sink.Messages);
        await UntilCountedAsync("timed_out");
    }

    [Fact]
    public async Task MaxConnectionsPerClient_ThroughHaproxy_CountsTheClients()
    {
        await using var sink = ScriptedServer.Start("b1", new ServerEntry { Serve = "default" });
        await using var proxy = await StartProxyAsync(sink, """, "Limits": { "MaxConnectionsPerClient": 1 }""");
        await using var haproxy = await StartHaproxyAsync("send-proxy-v2");

        using var first = await ConnectAsync("127.0.0.2");
        Assert.StartsWith("220 ", await first.ReadLineAsync(Token), StringComparison.Ordinal);
        using var again = await ConnectAsync("127.0.0.2");
        Assert.StartsWith("421 4.7.0 ", await again.ReadLineAsync(Token), StringComparison.Ordinal);
        using var other = await ConnectAsync("127.0.0.3");
        Assert.StartsWith("220 ", await other.ReadLineAsync(Token), StringComparison.Ordinal);
    }

    /// <summary>The samples of config/haproxy, with addresses of this test.</summary>
    [Fact]
    public async Task Samples_TogetherAsTheyAre_HealthChecksAreAnsweredAndMailArrives()
    {
        await using var sink = ScriptedServer.Start("b1", new ServerEntry { Serve = "default" });
        await using var proxy = await RunProxyAsync(Sample("smtpproxy.json")
            .Replace("\"*:2525\"", $"\"127.0.0.1:{_listener}\"", StringComparison.Ordinal)
            .Replace("10.0.0.2/32", "127.0.0.1/32", StringComparison.Ordinal)
            .Replace("10.0.0.21:25", sink.EndPoint.ToString(), StringComparison.Ordinal)
            .Replace("10.0.0.22:25", sink.EndPoint.ToString(), StringComparison.Ordinal)
            .Replace("127.0.0.1:8025", $"127.0.0.1:{_admin}", StringComparison.Ordinal));
        await using var haproxy = await HaproxyServer.StartAsync(
            Sample("haproxy.cfg")
                .Replace("bind :25", $"bind 127.0.0.1:{_front}", StringComparison.Ordinal)
                .Replace("10.0.0.11:2525", $"127.0.0.1:{_listener}", StringComparison.Ordinal)
                .Replace("10.0.0.12:2525", $"127.0.0.1:{_listener}", StringComparison.Ordinal)
                .Replace("inter 5s", "inter 100ms", StringComparison.Ordinal),
            Token);

        await haproxy.WaitForHealthyAsync("smtpproxy", 2, Token);
        await UntilCountedAsync("local");
        await SwaksAsync("127.0.0.2");

        Assert.Single(sink.Messages);
        await UntilCountedAsync("accepted");
        await HostProcess.WaitForLineAsync(proxy, line => line.Contains("[127.0.0.2]", StringComparison.Ordinal));
    }

    public void Dispose() => _directory.Dispose();

    private static string Sample(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", "haproxy", name));

    private Task<ChildProcess> StartProxyAsync(ScriptedServer sink, string listener = "") => RunProxyAsync($$"""
        { "SmtpProxy": {
            "Listeners": { "mx": { "Address": "127.0.0.1:{{_listener}}", "Hostname": "proxy.example.com",
                "ProxyProtocol": { "Mode": "Required", "TrustedNetworks": ["127.0.0.1/32"], "HeaderTimeout": "1s" } {{listener}} } },
            "Clusters": { "pool": { "Destinations": { "mta1": { "Address": "{{sink.EndPoint}}" } } } },
            "LogFormat": "Json", "Admin": { "Address": "127.0.0.1:{{_admin}}" } } }
        """);

    private Task<ChildProcess> RunProxyAsync(string configuration)
    {
        _directory.Write("smtpproxy.json", configuration);
        return HostProcess.StartReadyAsync(_directory.Root, "run", "--config", "smtpproxy.json");
    }

    private Task<HaproxyServer> StartHaproxyAsync(string options) => HaproxyServer.StartAsync(
        $"""
        defaults
            mode tcp
            timeout connect 5s
            timeout client 60s
            timeout server 60s
        frontend smtp
            bind 127.0.0.1:{_front}
            unique-id-format %[uuid()]
            default_backend smtpproxy
        backend smtpproxy
            server proxy1 127.0.0.1:{_listener} {options}
        """,
        Token);

    private Task<string> SwaksAsync(string client) => ChildProcess.RunAsync(
        "swaks",
        ["--server", $"127.0.0.1:{_front}", "--local-interface", client, "--from", "a@example.com", "--to", "r@example.org", "--helo", "client.example.com"],
        Token);

    private async Task<StreamReader> ConnectAsync(string client)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(client), 0));
        await socket.ConnectAsync(IPAddress.Loopback, _front, Token);
        return new StreamReader(new NetworkStream(socket, ownsSocket: true));
    }

    private async Task UntilCountedAsync(string result)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Poll.UntilAsync(
            async () => (await http.GetStringAsync($"http://127.0.0.1:{_admin}/metrics", Token))
                .Contains($$"""smtpproxy_proxy_headers_total{listener="mx",result="{{result}}"} """, StringComparison.Ordinal),
            Patience, $"a header that was {result}", Token);
    }
}
