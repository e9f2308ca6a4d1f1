using System.Net;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.IntegrationTests.Publish;

/// <summary>The trimmed program: whatever works by reflection, or comes from a package, is still there.</summary>
public sealed class SingleFileTests(PublishedProgram program) : IClassFixture<PublishedProgram>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_MailUnderTls_ArrivesAndIsCounted()
    {
        using var directory = new TempDirectory();
        using var authority = new TestAuthority();
        await using var server = ScriptedServer.Start("mta1");
        var (listen, admin) = (FreePorts.Next(), FreePorts.Next());
        var file = directory.Write("c.json", $$"""
            { "SmtpProxy": {
              "Listeners": { "mx": { "Address": "127.0.0.1:{{listen}}", "Hostname": "proxy.example.com", "Tls": {{authority.Listener("StartTls", "\"RequireTls\": true")}} } },
              "Clusters": { "pool": { "Destinations": { "mta1": { "Address": "{{server.EndPoint}}" } } } },
              "AffinityStore": { "Type": "Sqlite", "Sqlite": { "Path": "senders.db" } },
              "Admin": { "Address": "127.0.0.1:{{admin}}" } } }
            """);
        await using var proxy = await program.StartReadyAsync("run", "--config", file);

        using (var client = new SmtpClient { ServerCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=proxy.example.com" })
        {
            await client.ConnectAsync("127.0.0.1", listen, SecureSocketOptions.StartTls, Cancellation);
            await client.SendAsync(Message, Cancellation);
            await client.DisconnectAsync(quit: true, Cancellation);
        }

        Assert.Contains("hello", Assert.Single(server.Messages).Text, StringComparison.Ordinal);
        Assert.True(File.Exists(directory.PathOf("senders.db")));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var metrics = await http.GetStringAsync(new Uri($"http://127.0.0.1:{admin}/metrics"), Cancellation);
        Assert.Contains("\nsmtpproxy_transactions_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("\nsmtpproxy_sessions_total{", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SharedStore_SenderIsKnownInEtcd()
    {
        using var directory = new TempDirectory();
        await using var etcd = await EtcdServer.StartAsync(Cancellation);
        await using var server = ScriptedServer.Start("mta1");
        var more = $$""", "AffinityStore": { "Type": "Etcd", "Etcd": { "Endpoints": ["{{etcd.Endpoint}}"] } }""";
        var config = new HostConfig { Backend = server.EndPoint.Port, More = more };
        await using var proxy = await program.StartReadyAsync("run", "--config", directory.Write("c.json", config.ToString()));

        await using (var client = await SmtpClientStub.ConnectAsync(new IPEndPoint(IPAddress.Loopback, config.Listen), Cancellation))
        {
            await client.SendMailAsync("alice@example.org", ["bob@example.com"], "Subject: x\r\n\r\nhello\r\n");
        }

        await Poll.UntilAsync(
            async () => (await etcd.ControlAsync(Cancellation, "get", "--prefix", "/")).Contains("mta1", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30),
            "the sender is in etcd",
            Cancellation);
        var (code, lines) = await program.RunAsync("affinity", "status", "alice@example.org", "--admin", $"127.0.0.1:{config.Admin}");
        Assert.Equal(0, code);
        Assert.Contains(lines, line => line.Contains("mta1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CheckConfig_GoodAndBadFile_SaysWhatTheBuildSays()
    {
        using var directory = new TempDirectory();
        var good = directory.Write("good.json", new HostConfig().ToString());
        var bad = directory.Write("bad.json", new HostConfig { More = """, "Liseners": {}, "LogFormat": "Xml" """ }.ToString());

        Assert.Contains("OK", (await program.RunAsync("check-config", good)).Lines);
        Assert.Equal((await HostProcess.RunAsync(directory.Root, "print-config", good)).Lines, (await program.RunAsync("print-config", good)).Lines);
        var (code, lines) = await program.RunAsync("check-config", bad);
        Assert.Equal(78, code);
        Assert.Equal(2, lines.Count);
    }

    [Fact]
    public async Task Demo_ToItsEnd_EveryMessageOnce()
    {
        var (code, lines) = await program.RunAsync("demo", "--messages", "60", "--exit");

        Assert.Equal(0, code);
        Assert.Contains("60 messages accepted, each of them in exactly one sink", lines);
    }

    private static MimeMessage Message => new(
        [new MailboxAddress("Alice", "alice@example.org")],
        [new MailboxAddress("Bob", "bob@example.com")],
        "Trimmed",
        new TextPart("plain") { Text = "hello" });
}
