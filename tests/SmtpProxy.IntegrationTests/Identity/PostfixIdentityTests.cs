using System.Net;
using System.Text.RegularExpressions;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Postfix;
using Xunit;

namespace SmtpProxy.IntegrationTests.Identity;

/// <summary>A real Postfix learns who the client is, and judges it.</summary>
public sealed class PostfixIdentityTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Who relays is no question here: all recipients are local.
    private static readonly Dictionary<string, string> Policies = new()
    {
        ["smtpd_client_restrictions"] = "check_client_access inline:{{127.0.0.66=REJECT unwanted client}}",
        ["smtpd_helo_restrictions"] = "check_helo_access inline:{{bad.example.com=REJECT unwanted name}}",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ProxyV1")]
    [InlineData("ProxyV2")]
    [InlineData("XClient")]
    public async Task Postfix_BehindTheProxy_LogsAndJudgesTheClient(string identity)
    {
        await using var postfix = await StartPostfixAsync(identity);
        await using var proxy = await IdentityProxy.StartAsync(identity, postfix);

        await SendAsync(proxy, "127.0.0.2", "EHLO two.example.com", count: 2);
        await SendAsync(proxy, "127.0.0.3", "HELO three.example.com", count: 1);
        await SendAsync(proxy, "127.0.0.2", "EHLO two.example.com", count: 1);
        await postfix.WaitForQueueEmptyAsync(Patience, Token);

        Assert.Equal(["127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.2"], Clients(postfix));
        var messages = await postfix.MessagesAsync(Token);
        Assert.Equal(4, messages.Count);
        if (identity == "XClient")
        {
            // The name of each client stands in the Received field of its messages.
            Assert.Equal(3, messages.Count(static message => message.Text.Contains("from two.example.com (unknown [127.0.0.2])", StringComparison.Ordinal)));
            Assert.Single(messages, static message => message.Text.Contains("from three.example.com (unknown [127.0.0.3])", StringComparison.Ordinal));
        }

        Assert.Contains("Client host rejected: unwanted client", await RecipientAsync(proxy, "127.0.0.66", "good.example.com"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await RecipientAsync(proxy, "127.0.0.67", "good.example.com"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Postfix_WithXClient_JudgesTheNameThatTheClientGave()
    {
        await using var postfix = await StartPostfixAsync("XClient");
        await using var proxy = await IdentityProxy.StartAsync("XClient", postfix);

        Assert.Contains("Helo command rejected: unwanted name", await RecipientAsync(proxy, "127.0.0.2", "bad.example.com"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await RecipientAsync(proxy, "127.0.0.2", "good.example.com"), StringComparison.Ordinal);
        Assert.Contains(
            postfix.Log, static line => line.Contains("from unknown[127.0.0.2]: 554", StringComparison.Ordinal)
                && line.Contains("helo=<bad.example.com>", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ProxyV1")]
    [InlineData("ProxyV2")]
    [InlineData("XClient")]
    public async Task Postfix_ManyClientsOverFewConnections_NeverTakesOneForAnother(string identity)
    {
        await using var postfix = await StartPostfixAsync(identity);
        await using var proxy = await IdentityProxy.StartAsync(identity, postfix, """, "MaxConnections": 3""");

        await Task.WhenAll(Enumerable.Range(2, 12).Select(i => SendAsync(proxy, $"127.0.0.{i}", $"EHLO c{i}.example.com", count: 3)));
        await postfix.WaitForQueueEmptyAsync(Patience, Token);

        var messages = await postfix.MessagesAsync(Token);
        Assert.Equal(36, messages.Count);
        Assert.All(messages, static message =>
            Assert.Contains($"[{Regex.Match(message.Text, "^sent by (.*)$", RegexOptions.Multiline).Groups[1].Value}])", message.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Postfix_WithXForward_LogsEachClientOnOnePooledSession()
    {
        await using var postfix = await StartPostfixAsync("XForward");

        // With capabilities of its own the proxy opens no session to learn the server's, beside which the first client's would be a second.
        await using var proxy = await IdentityProxy.StartAsync("XForward", postfix, more: """, "Capabilities": [ "PIPELINING" ]""");

        await SendAsync(proxy, "127.0.0.2", "EHLO two.example.com", count: 2);
        await SendAsync(proxy, "127.0.0.3", "EHLO three.example.com", count: 1);
        await postfix.WaitForQueueEmptyAsync(Patience, Token);

        Assert.Equal(["127.0.0.2", "127.0.0.2", "127.0.0.3"], Found(postfix, @"client=unknown\[127\.0\.0\.1\], orig_queue_id=\w+\.\d, orig_client=unknown\[([^]]*)\]"));

        // Those that only looked whether it is up left without a word.
        Assert.Single(postfix.Log.Where(static line => line.Contains(" connect from ", StringComparison.Ordinal))
            .SkipLast(postfix.Log.Count(static line => line.Contains(" lost connection after CONNECT ", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Postfix_ThatDoesNotTrustTheProxy_GetsNoMailByXClient()
    {
        await using var postfix = await PostfixServer.StartAsync(new PostfixOptions(), Token);
        await using var proxy = await IdentityProxy.StartAsync("XClient", postfix);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.StartsWith("451 4.3.2 ", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
        await proxy.WaitForLineAsync("pool/mta1 cannot be told who the client is and is not used: XCLIENT with ADDR is not offered");
    }

    [Fact]
    public async Task Postfix_UnderTls_IsToldByXClientAfterwards()
    {
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Write("127.0.0.1");
        await using var postfix = await StartPostfixAsync("XClient", new()
        {
            ["smtpd_tls_security_level"] = "encrypt",
            ["smtpd_tls_cert_file"] = certificate,
            ["smtpd_tls_key_file"] = key,
        });
        await using var proxy = await IdentityProxy.StartAsync("XClient", postfix, """, "Tls": "Required" """);

        await SendAsync(proxy, "127.0.0.2", "EHLO two.example.com", count: 2);
        await postfix.WaitForQueueEmptyAsync(Patience, Token);

        Assert.Equal(["127.0.0.2", "127.0.0.2"], Clients(postfix));
        Assert.All(await postfix.MessagesAsync(Token), static message => Assert.Contains("with ESMTPS", message.Text, StringComparison.Ordinal));
    }

    /// <summary>The samples of config/postfix, with addresses of this test.</summary>
    [Fact]
    public async Task Samples_TogetherAsTheyAre_MailArrivesAsThatOfItsClients()
    {
        var settings = Sample("main.cf").Replace("10.0.0.11, 10.0.0.12", "127.0.0.1", StringComparison.Ordinal).Split('\n')
            .Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split(" = "))
            .ToDictionary(static pair => pair[0], static pair => pair[1]);
        Assert.Equal(4, settings.Count);
        await using var postfix = await PostfixServer.StartAsync(new PostfixOptions { Settings = settings }, Token);
        await using var proxy = await IdentityProxy.StartAsync((listener, admin) => Sample("smtpproxy.json")
            .Replace("*:25", listener.ToString(), StringComparison.Ordinal)
            .Replace("10.0.0.21:25", postfix.EndPoint.ToString(), StringComparison.Ordinal)
            .Replace("10.0.0.22:25", postfix.EndPoint.ToString(), StringComparison.Ordinal)
            .Replace("127.0.0.1:8025", admin.ToString(), StringComparison.Ordinal));

        await SendAsync(proxy, "127.0.0.2", "EHLO two.example.com", count: 1);
        await SendAsync(proxy, "127.0.0.3", "EHLO three.example.com", count: 1);
        await postfix.WaitForQueueEmptyAsync(Patience, Token);

        Assert.Equal(["127.0.0.2", "127.0.0.3"], Clients(postfix));
    }

    private static string Sample(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", "postfix", name));

    private static Task<PostfixServer> StartPostfixAsync(string identity, Dictionary<string, string>? more = null)
    {
        var settings = new Dictionary<string, string>(more ?? []);
        foreach (var (key, value) in Policies)
        {
            settings[key] = value;
        }

        var (name, setting) = identity switch
        {
            "XClient" => ("smtpd_authorized_xclient_hosts", "127.0.0.1"),
            "XForward" => ("smtpd_authorized_xforward_hosts", "127.0.0.1"),
            _ => ("smtpd_upstream_proxy_protocol", "haproxy"),
        };
        settings[name] = setting;
        return PostfixServer.StartAsync(new PostfixOptions { Settings = settings }, Token);
    }

    private static async Task SendAsync(IdentityProxy proxy, string address, string hello, int count)
    {
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token, IPAddress.Parse(address), hello);
        for (var i = 0; i < count; i++)
        {
            await client.SendMailAsync("a@example.com", ["r@example.org"], $"Subject: x\r\n\r\nsent by {address}\r\n");
        }

        await client.CommandAsync("QUIT");
    }

    /// <summary>What the server says to RCPT: there Postfix tells its verdict on the client and on its name.</summary>
    private static async Task<string> RecipientAsync(IdentityProxy proxy, string address, string name)
    {
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token, IPAddress.Parse(address), $"EHLO {name}");
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        return await client.CommandAsync("RCPT TO:<r@example.org>");
    }

    private static string[] Clients(PostfixServer postfix) => Found(postfix, @": client=unknown\[([^]]*)\]$");

    private static string[] Found(PostfixServer postfix, string pattern) =>
        [.. postfix.Log.Select(line => Regex.Match(line, pattern)).Where(static match => match.Success).Select(static match => match.Groups[1].Value)];
}
