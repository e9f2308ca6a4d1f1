using System.Net;
using System.Text;
using SmtpProxy.FunctionalTests.Sessions;
using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.FunctionalTests.Tls;

public sealed class BackendTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Opportunistic")]
    [InlineData("Required")]
    public async Task Connection_ServerOffersTls_MailGoesUnderTls(string mode)
    {
        await using var server = new TlsServer(_authority.Write("server.example.com"));
        await using var proxy = await StartAsync(mode, server.EndPoint);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");
        await client.SendMailAsync("b@example.com", ["r@example.org"], "x\r\n");

        Assert.Equal(
            ["clear EHLO proxy.example.com", "clear STARTTLS", "tls EHLO proxy.example.com", "tls MAIL FROM:<a@example.com>"],
            server.Lines.Take(4));
        Assert.Equal(1, server.Connections);
        Assert.DoesNotContain(server.Lines.Skip(2), line => line.StartsWith("clear", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connection_AfterTheHandshake_OnlyItsCapabilitiesCount()
    {
        await using var server = new TlsServer(_authority.Write("server.example.com"))
        {
            ClearCapabilities = ["STARTTLS", "SIZE 10", "DSN"],
            TlsCapabilities = ["8BITMIME"],
        };
        await using var proxy = await StartAsync("Required", server.EndPoint);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.StartsWith("250 ", await client.CommandAsync("MAIL FROM:<a@example.com> SIZE=1000 BODY=8BITMIME"), StringComparison.Ordinal);
        await client.CommandAsync("RSET");
        Assert.StartsWith("555 ", await client.CommandAsync("MAIL FROM:<a@example.com> RET=HDRS"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("None", "clear MAIL FROM:<a@example.com>")]
    [InlineData("Opportunistic", "tls MAIL FROM:<a@example.com>")]
    public async Task Connection_Mode_DecidesHowMailGoes(string mode, string expected)
    {
        await using var server = new TlsServer(_authority.Write("server.example.com"));
        await using var proxy = await StartAsync(mode, server.EndPoint);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");

        Assert.Contains(expected, server.Lines);
    }

    [Fact]
    public async Task Connection_OpportunisticWithoutStartTls_MailGoesInClear()
    {
        await using var server = new TlsServer(_authority.Write("server.example.com")) { ClearCapabilities = [] };
        await using var proxy = await StartAsync("Opportunistic", server.EndPoint);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");

        Assert.Contains("clear MAIL FROM:<a@example.com>", server.Lines);
    }

    [Fact]
    public async Task Connection_OpportunisticAndStartTlsRefused_MailGoesInClear()
    {
        await using var server = new TlsServer(_authority.Write("server.example.com")) { StartTlsReply = "454 4.7.0 not now\r\n" };
        await using var proxy = await StartAsync("Opportunistic", server.EndPoint);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");

        Assert.Contains("clear MAIL FROM:<a@example.com>", server.Lines);
    }

    [Theory]
    [InlineData("Required", "STARTTLS", "454 4.7.0 not now\r\n")]
    [InlineData("Required", "SIZE 1000000", "220 go\r\n")]
    [InlineData("Required", "STARTTLS", "220 go\r\n250-server.example.com\r\n250 AUTH PLAIN\r\n")]
    [InlineData("Opportunistic", "STARTTLS", "220 go\r\n250-server.example.com\r\n250 AUTH PLAIN\r\n")]
    [InlineData("Verify", "STARTTLS", "220 go\r\n")]
    public async Task Connection_NoTlsAsDemanded_TheNextServerIsAsked(string mode, string capability, string reply)
    {
        await using var bad = new TlsServer(_authority.Write("127.0.0.1")) { ClearCapabilities = [capability], StartTlsReply = reply };
        await using var good = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await StartAsync(mode, bad.EndPoint, good);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");

        Assert.DoesNotContain(bad.Lines, line => line.Contains("MAIL", StringComparison.Ordinal));
        Assert.Single(good.Messages);
        Assert.Equal(
            [(TransactionStage.Tls, true), (TransactionStage.FinalReply, false)],
            Assert.Single(await proxy.RecordsAsync(1, Token)).Attempts.Select(static attempt => (attempt.Stage, attempt.CountsAgainstSender)));
    }

    [Fact]
    public async Task Connection_NobodyLeftWithTls_TheClientIsDeferred()
    {
        await using var server = new TlsServer(_authority.Write("server.example.com")) { ClearCapabilities = [] };
        await using var proxy = await StartAsync("Required", server.EndPoint);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.StartsWith("451 ", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_OpportunisticAndNoHandshake_MailGoesInClearOnANewConnection()
    {
        await using var server = new TlsServer(_authority.Write("server.example.com"))
        {
            InsteadOfHandshake = static async stream =>
            {
                _ = await stream.ReadAsync(new byte[1000]);
                await stream.WriteAsync("no TLS here\r\n"u8.ToArray());
            },
        };
        await using var proxy = await StartAsync("Opportunistic", server.EndPoint);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");

        Assert.Equal(
            ["clear EHLO proxy.example.com", "clear STARTTLS", "clear EHLO proxy.example.com", "clear MAIL FROM:<a@example.com>"], server.Lines.Take(4));
        Assert.Equal(2, server.Connections);
        var attempt = Assert.Single(Assert.Single(await proxy.RecordsAsync(1, Token)).Attempts);
        Assert.Equal((TransactionStage.FinalReply, false), (attempt.Stage, attempt.CountsAgainstSender));
        Assert.Contains("smtpproxy_tls_fallbacks_total{destination=\"b1\"} 1\n", await ScrapeAsync(proxy), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Required")]
    [InlineData("Verify")]
    public async Task Connection_DemandedAndNoHandshake_NothingGoesInClear(string mode)
    {
        await using var server = new TlsServer(_authority.Write("server.example.com")) { InsteadOfHandshake = static _ => Task.CompletedTask };
        await using var proxy = await StartAsync(mode, server.EndPoint);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.StartsWith("451 ", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
        Assert.Equal(["clear EHLO proxy.example.com", "clear STARTTLS"], server.Lines.Take(2));
        Assert.DoesNotContain(server.Lines, static line => line.Contains("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HandshakeTimeout_ServerThatNeverShakesHands_IsGivenUpAndCounted()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var server = new TlsServer(_authority.Write("server.example.com"))
        {
            InsteadOfHandshake = async stream => await stream.CopyToAsync(Stream.Null, end.Token),
        };
        await using var good = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await StartAsync("Required", server.EndPoint, good, """, "HandshakeTimeout": "200ms" """);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");
        await end.CancelAsync();

        Assert.Single(good.Messages);
        var attempt = Assert.Single(await proxy.RecordsAsync(1, Token)).Attempts[0];
        Assert.Equal((TransactionStage.Tls, AttemptResult.TimedOut), (attempt.Stage, attempt.Result));
        Assert.Contains("smtpproxy_limit_hits_total{limit=\"server_handshake_timeout\"} 1\n", await ScrapeAsync(proxy), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MinPoolSize_BeforeTheFirstMail_HandsAreShaken()
    {
        await using var server = new TlsServer(_authority.Write("server.example.com"));
        await using var proxy = await StartAsync("Required", server.EndPoint, more: """, "MinPoolSize": 1 """);

        await Poll.UntilAsync(() => server.Lines.Count >= 3, TimeSpan.FromSeconds(30), "EHLO under TLS", Token);
        Assert.Equal(["clear EHLO proxy.example.com", "clear STARTTLS", "tls EHLO proxy.example.com"], server.Lines);
    }

    [Fact]
    public async Task CaFile_Verify_TrustsItsAuthoritiesAlone()
    {
        using var other = new TestAuthority();
        await using var right = new TlsServer(_authority.Write("127.0.0.1"));
        await using var wrong = new TlsServer(other.Write("127.0.0.1"));
        var file = $", \"CaFile\": \"{_authority.RootFile}\"";

        await using (var proxy = await StartAsync("Verify", right.EndPoint, more: file))
        {
            await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
            await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");
            Assert.Contains("tls MAIL FROM:<a@example.com>", right.Lines);
        }

        await using (var proxy = await StartAsync("Verify", wrong.EndPoint, more: file))
        {
            await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
            Assert.StartsWith("451 ", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
        }
    }

    public void Dispose() => _authority.Dispose();

    private static async Task<string> ScrapeAsync(ProxyHarness proxy)
    {
        using var stream = new MemoryStream();
        await proxy.Registry.CollectAndExportAsTextAsync(stream, Token);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>A proxy before the server under test and, where TLS fails, one in clear.</summary>
    private static Task<ProxyHarness> StartAsync(string mode, IPEndPoint server, ScriptedServer? other = null, string more = "")
    {
        var second = other is null ? "" : $$""", "b2": { "Address": "{{other.EndPoint}}" }""";
        return ProxyHarness.StartAsync([], cluster: $$"""
            { "Destinations": { "b1": { "Address": "{{server}}", "Connection": { "Tls": "{{mode}}"{{more}} } }{{second}} } }
            """);
    }
}
