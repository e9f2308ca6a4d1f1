using System.Net;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.IntegrationTests.Publish;

/// <summary>Whatever works by reflection, or comes from a package, is still there when a program has been trimmed.</summary>
public abstract class PublishedProgramTests(PublishedProgram program)
{
    private const string Sender = "alice@example.org";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What is tested.</summary>
    protected PublishedProgram Program => program;

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
    public async Task Run_SharedStoreWithLogin_SenderIsKnownInEtcd()
    {
        using var directory = new TempDirectory();
        await using var etcd = await EtcdServer.StartAsync(Cancellation);
        await etcd.ControlAsync(Cancellation, "user", "add", "root:secret");
        await etcd.ControlAsync(Cancellation, "user", "grant-role", "root", "root");
        await etcd.ControlAsync(Cancellation, "auth", "enable");
        await using var server = ScriptedServer.Start("mta1");
        var login = $"\"Username\": \"root\", \"PasswordFile\": \"{directory.Write("password", "secret")}\"";
        var more = $$""", "AffinityStore": { "Type": "Etcd", "Etcd": { "Endpoints": ["{{etcd.Endpoint}}"], {{login}} } }""";
        var config = new HostConfig { Backend = server.EndPoint.Port, More = more };
        await using var proxy = await program.StartReadyAsync("run", "--config", directory.Write("c.json", config.ToString()));

        await using (var client = await SmtpClientStub.ConnectAsync(new IPEndPoint(IPAddress.Loopback, config.Listen), Cancellation))
        {
            await client.SendMailAsync(Sender, ["bob@example.com"], "Subject: x\r\n\r\nhello\r\n");
        }

        await Poll.UntilAsync(
            async () => (await etcd.ControlAsync(Cancellation, "--user", "root:secret", "get", "--prefix", "/")).Contains("mta1", StringComparison.Ordinal),
            Patience,
            "the sender is in etcd",
            Cancellation);
        var (code, lines) = await program.RunAsync("affinity", "status", Sender, "--admin", $"127.0.0.1:{config.Admin}");
        Assert.Equal(0, code);
        Assert.Contains(lines, line => line.Contains("mta1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_SharedStoreUnderTls_OtherProxyKnowsTheSender()
    {
        using var directory = new TempDirectory();
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Write("127.0.0.1");
        await using var etcd = await EtcdServer.StartAsync(new EtcdTls(certificate, key, authority.RootFile), Cancellation);
        var files = $"\"CaFile\": \"{authority.RootFile}\", \"CertFile\": \"{certificate}\", \"KeyFile\": \"{key}\"";
        var more = $$""", "AffinityStore": { "Type": "Etcd", "Etcd": { "Endpoints": ["{{etcd.Endpoint}}"], {{files}} } }""";
        var (one, two) = (new HostConfig { More = more }, new HostConfig { More = more });
        await using var first = await program.StartReadyAsync("run", "--config", directory.Write("1.json", one.ToString()));
        await using var second = await program.StartReadyAsync("run", "--config", directory.Write("2.json", two.ToString()));

        var (code, lines) = await program.RunAsync("affinity", "pin", Sender, "mta1", "--admin", $"127.0.0.1:{one.Admin}");

        Assert.True(code == 0, string.Join('\n', lines));
        await Poll.UntilAsync(
            async () => (await program.RunAsync("affinity", "status", Sender, "--admin", $"127.0.0.1:{two.Admin}")).Code == 0,
            Patience,
            "the other proxy knows",
            Cancellation);
    }

    [Fact]
    public async Task Run_LoginUnderImplicitTls_ServerSeesIt()
    {
        using var directory = new TempDirectory();
        using var authority = new TestAuthority();
        var entry = new ServerEntry
        {
            Auth = new Dictionary<string, string> { [Convert.ToBase64String("\0u1\0secret"u8)] = "u1" },
            Caps = [.. ServerEntry.StandardCaps, "AUTH PLAIN"],
        };
        await using var server = ScriptedServer.Start("mta1", entry);
        var listen = FreePorts.Next();
        var file = directory.Write("c.json", $$"""
            { "SmtpProxy": {
              "Listeners": { "mx": {
                "Address": "127.0.0.1:{{listen}}", "Hostname": "proxy.example.com", "Tls": {{authority.Listener("Implicit")}},
                "Capabilities": ["AUTH PLAIN"], "Auth": { "Mode": "Relay" } } },
              "Clusters": { "pool": { "Destinations": { "mta1": { "Address": "{{server.EndPoint}}" } } } } } }
            """);
        await using var proxy = await program.StartReadyAsync("run", "--config", file);

        using var client = new SmtpClient { ServerCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=proxy.example.com" };
        await client.ConnectAsync("127.0.0.1", listen, SecureSocketOptions.SslOnConnect, Cancellation);
        await client.AuthenticateAsync("u1", "secret", Cancellation);
        await client.SendAsync(Message, Cancellation);
        await client.DisconnectAsync(quit: true, Cancellation);

        Assert.Single(server.Messages);
        Assert.Contains(server.Commands, static command => command.StartsWith("AUTH PLAIN", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Run_FileChanged_NewConfigurationIsInForce()
    {
        using var directory = new TempDirectory();
        var config = new HostConfig();
        await using var proxy = await program.StartReadyAsync("run", "--config", directory.Write("c.json", config.ToString()));

        directory.Write("c.json", (config with { Hostname = "changed.example.com" }).ToString());

        await Poll.UntilAsync(
            async () => (await HostProcess.GreetingAsync(config.Listen)).Contains("changed.example.com", StringComparison.Ordinal),
            Patience,
            "the new name in the greeting",
            Cancellation);
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
        [new MailboxAddress("Alice", Sender)],
        [new MailboxAddress("Bob", "bob@example.com")],
        "Trimmed",
        new TextPart("plain") { Text = "hello" });
}
