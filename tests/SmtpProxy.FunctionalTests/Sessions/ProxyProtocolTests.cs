using System.Buffers;
using System.Net;
using System.Text;
using SmtpProxy.Configuration;
using SmtpProxy.FunctionalTests.Tls;
using SmtpProxy.Protocol.ProxyProtocol;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.FunctionalTests.Sessions;

public sealed class ProxyProtocolTests : IDisposable
{
    private const string Required = """ "ProxyProtocol": { "Mode": "Required", "TrustedNetworks": ["127.0.0.0/8"] } """;
    private const string V1 = "PROXY TCP4 192.0.2.7 192.0.2.25 40000 25\r\n";
    private const string Mail = "EHLO client.example.com\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<r@example.org>\r\nDATA\r\n";

    private readonly TestAuthority _authority = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string V2 => Written(output => ProxyHeaderWriter.WriteV2(
        output, IPEndPoint.Parse("192.0.2.7:40000"), IPEndPoint.Parse("192.0.2.25:25")));

    private static string V2IPv6 => Written(output => ProxyHeaderWriter.WriteV2(
        output, IPEndPoint.Parse("[2001:db8::7]:40000"), IPEndPoint.Parse("192.0.2.25:25")));

    private static string V2Local => Written(ProxyHeaderWriter.WriteV2Local);

    public static TheoryData<string, string, string> Headers => new()
    {
        { V1, "192.0.2.7:40000", "192.0.2.25:25" },
        { "PROXY TCP6 ::ffff:192.0.2.7 2001:db8::25 40000 25\r\n", "192.0.2.7:40000", "[2001:db8::25]:25" },
        { V2, "192.0.2.7:40000", "192.0.2.25:25" },
        { V2IPv6, "[2001:db8::7]:40000", "192.0.2.25:25" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task Required_Header_TheClientIsTheOneItNames(string header, string client, string server)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, Required);
        await using var connection = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await connection.SendAsync(header);
        await connection.ReplyAsync();
        await connection.CommandAsync("EHLO client.example.com");

        Assert.StartsWith("250 ", await connection.SendMailAsync("a@example.com", "x\r\n"), StringComparison.Ordinal);
        var record = Assert.Single(await proxy.RecordsAsync(1, Token));
        Assert.Equal(client, record.Envelope.Client.RemoteEndPoint.ToString());
        Assert.Equal(server, record.Envelope.Client.LocalEndPoint.ToString());
        await UntilCountedAsync(proxy, "accepted");
    }

    [Fact]
    public async Task Required_HeaderAndCommandsSplitAnywhere_AllIsAnswered()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, Required);
        foreach (var header in new[] { V1, V2 })
        {
            var all = header + "EHLO client.example.com\r\nQUIT\r\n";
            for (var at = 0; at <= header.Length + 3; at++)
            {
                await using var connection = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
                await connection.SendAsync(all[..at]);
                await connection.SendAsync(all[at..]);
                Assert.Matches("^220 [^\r\n]*\r\n(250-[^\r\n]*\r\n)+250 [^\r\n]*\r\n221 [^\r\n]*\r\n$", await connection.RestAsync());
            }
        }
    }

    [Fact]
    public async Task Required_PartOfALineBehindTheHeader_HasTheTimeOfALine()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, Required);
        await using var connection = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await connection.SendAsync(V1 + "EH");
        Assert.StartsWith("220 ", await connection.ReplyAsync(), StringComparison.Ordinal);

        var next = connection.ReplyAsync();
        await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Token));
        await connection.SendAsync("LO client.example.com\r\n");
        Assert.StartsWith("250", await next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Required_HeaderOctetByOctetWithAMailBehind_IsRelayed()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, Required);
        await using var connection = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        foreach (var octet in V2)
        {
            await connection.SendAsync(octet.ToString());
        }

        await connection.SendAsync(Mail);
        foreach (var code in new[] { "220", "250", "250", "250", "354" })
        {
            Assert.StartsWith(code, await connection.ReplyAsync(), StringComparison.Ordinal);
        }

        Assert.StartsWith("250 ", await connection.CommandAsync("x\r\n."), StringComparison.Ordinal);
        Assert.Single(b1.Messages);
    }

    public static TheoryData<string, string> NoService => new()
    {
        { "EHLO client.example.com\r\n", "missing" },
        { "\r\nEHLO client.example.com\r\n", "missing" },
        { "PROXY TCP4 192.0.2.7 192.0.2.25 040000 25\r\n", "malformed" },
        { V2[..12] + "\x31\x11\0\x0c", "malformed" },
        { "PROXY UNKNOWN " + new string('x', 200), "too_long" },
        { V2[..12] + "\x21\x11\xff\xff", "too_long" },
        { V2[..20], "timed_out" },
        { "", "timed_out" },
    };

    [Theory]
    [MemberData(nameof(NoService))]
    public async Task Required_NoHeaderThatCounts_IsClosedWithoutAWordAndCounted(string octets, string result)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, Required.Replace("] }", "], \"HeaderTimeout\": \"300ms\" }", StringComparison.Ordinal));
        await using var connection = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await connection.SendAsync(octets);

        Assert.Empty(await connection.RestAsync());
        await UntilCountedAsync(proxy, result);
        Assert.Equal(0, proxy.Runtime.Sessions);
    }

    [Fact]
    public async Task Required_ClosedWithinTheHeader_IsCounted()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, Required);
        await using (var connection = await TlsClient.ConnectAsync(proxy.EndPoint, Token))
        {
            await connection.SendAsync(V1[..10]);
        }

        await UntilCountedAsync(proxy, "closed");
    }

    [Fact]
    public async Task Required_PeerThatIsNotTrusted_IsClosedUnread()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, """ "ProxyProtocol": { "Mode": "Required", "TrustedNetworks": ["127.0.0.2/32", "::/0"] } """);
        await using var connection = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await connection.SendAsync(V1);

        Assert.Empty(await connection.RestAsync());
        await UntilCountedAsync(proxy, "untrusted");
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("local")]
    public async Task Required_HeaderThatNamesNobody_TheSocketsAddressCounts(string header)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, Required);
        await using var connection = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await connection.SendAsync(header == "local" ? V2Local : header);
        await connection.ReplyAsync();
        await connection.CommandAsync("EHLO client.example.com");
        await connection.SendMailAsync("a@example.com", "x\r\n");

        Assert.Equal(IPAddress.Loopback, Assert.Single(await proxy.RecordsAsync(1, Token)).Envelope.Client.RemoteEndPoint.Address);
        await UntilCountedAsync(proxy, "local");
    }

    [Fact]
    public async Task Required_ASecondHeader_IsNoHeader()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, Required);
        await using var first = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await first.SendAsync(V1 + V1.Replace("192.0.2.7", "192.0.2.99", StringComparison.Ordinal));
        await first.ReplyAsync();
        Assert.StartsWith("502 ", await first.ReplyAsync(), StringComparison.Ordinal);
        await first.CommandAsync("EHLO client.example.com");
        await first.SendMailAsync("a@example.com", "x\r\n");
        Assert.Equal("192.0.2.7:40000", Assert.Single(await proxy.RecordsAsync(1, Token)).Envelope.Client.RemoteEndPoint.ToString());

        await using var second = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await second.SendAsync(V2 + V2 + "QUIT\r\n");
        Assert.Matches("^220 [^\r\n]*\r\n554 5\\.5\\.0 [^\r\n]*\r\n$", await second.RestAsync());
    }

    [Fact]
    public async Task Required_ImplicitTls_TheHeaderComesBeforeTheHandshake()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, $"{Required}, \"Tls\": {_authority.Listener("Implicit")}");
        await using var connection = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await connection.SendAsync(V2);
        await connection.ShakeHandsAsync(_authority);
        await connection.ReplyAsync();
        await connection.CommandAsync("EHLO client.example.com");
        await connection.SendMailAsync("a@example.com", "x\r\n");

        var record = Assert.Single(await proxy.RecordsAsync(1, Token));
        Assert.True(record.IsTls);
        Assert.Equal("192.0.2.7:40000", record.Envelope.Client.RemoteEndPoint.ToString());
    }

    [Fact]
    public async Task MaxConnectionsPerClient_OneBalancer_CountsTheClientsBehindIt()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, Required + """, "Limits": { "MaxConnectionsPerClient": 1 } """);
        await using var waiting = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await using var first = await GreetedAsync(proxy, V1, "220 ");
        await using var again = await GreetedAsync(proxy, V1.Replace("40000", "40001", StringComparison.Ordinal), "421 4.7.0 ");
        await using var mapped = await GreetedAsync(proxy, "PROXY TCP6 ::ffff:192.0.2.7 ::1 40002 25\r\n", "421 4.7.0 ");
        await using var other = await GreetedAsync(proxy, V1.Replace("192.0.2.7", "192.0.2.8", StringComparison.Ordinal), "220 ");

        Assert.StartsWith("221 ", await first.CommandAsync("QUIT"), StringComparison.Ordinal);
        await Poll.UntilAsync(() => proxy.Runtime.Sessions == 1, TimeSpan.FromSeconds(10), "the first session to end", Token);
        await using var next = await GreetedAsync(proxy, V1, "220 ");
    }

    [Fact]
    public async Task MaxConnections_ConnectionsWithoutAHeaderYet_CountToo()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, Required + """, "Limits": { "MaxConnections": 1 } """);
        await using var waiting = await TlsClient.ConnectAsync(proxy.EndPoint, Token);

        // The second connection may be accepted before the first is counted.
        await Poll.UntilAsync(
            async () =>
            {
                await using var refused = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
                await refused.SendAsync(V1);
                return (await refused.ReplyAsync()).StartsWith("421 4.7.0 ", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(2), "the limit", Token);
        await waiting.SendAsync(V1);

        Assert.StartsWith("220 ", await waiting.ReplyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_ModeChanges_NextConnectionFollowsIt()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, Required);
        await using var old = await GreetedAsync(proxy, V1, "220 ");
        await ApplyAsync(proxy, new ProxyProtocolConfig());

        await using var plain = await GreetedAsync(proxy, "", "220 ");
        Assert.StartsWith("502 ", await plain.CommandAsync(V1[..^2]), StringComparison.Ordinal);
        await ApplyAsync(proxy, new ProxyProtocolConfig { Mode = ProxyProtocolMode.Required, TrustedNetworks = ["127.0.0.1"] });
        await using var next = await GreetedAsync(proxy, V2, "220 ");
        Assert.StartsWith("250 ", await old.CommandAsync("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shutdown_ConnectionWaitsForItsHeader_EndsAtOnce()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(b1, Required.Replace("] }", "], \"HeaderTimeout\": \"1h\" }", StringComparison.Ordinal));
        await using var waiting = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await waiting.SendAsync("PROXY ");
        await using var greeted = await GreetedAsync(proxy, V1, "220 ");
        await proxy.Runtime.StopAsync(Token);

        Assert.Empty(await waiting.RestAsync());
        await UntilCountedAsync(proxy, "drained");
    }

    public void Dispose() => _authority.Dispose();

    private static Task<ProxyHarness> StartAsync(ScriptedServer server, string listener) => ProxyHarness.StartAsync([server], $"{{ {listener} }}");

    private static async Task<TlsClient> GreetedAsync(ProxyHarness proxy, string header, string greeting)
    {
        var connection = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await connection.SendAsync(header);
        Assert.StartsWith(greeting, await connection.ReplyAsync(), StringComparison.Ordinal);
        return connection;
    }

    private static Task ApplyAsync(ProxyHarness proxy, ProxyProtocolConfig section)
    {
        var config = proxy.Runtime.Current.Config;
        var listener = config.Listeners["mx"] with { ProxyProtocol = section };
        return proxy.Runtime.ApplyAsync(config with { Listeners = new Dictionary<string, ListenerConfig> { ["mx"] = listener } }, Token);
    }

    private static Task UntilCountedAsync(ProxyHarness proxy, string result) => Poll.UntilAsync(
        async () =>
        {
            using var text = new MemoryStream();
            await proxy.Registry.CollectAndExportAsTextAsync(text, Token);
            var line = $$"""smtpproxy_proxy_headers_total{listener="mx",result="{{result}}"} 1""";
            return Encoding.UTF8.GetString(text.ToArray()).Contains(line, StringComparison.Ordinal);
        },
        TimeSpan.FromSeconds(30), $"a header that was {result}", Token);

    private static string Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
