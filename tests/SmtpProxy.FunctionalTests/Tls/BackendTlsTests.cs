using System.Net;
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

    public void Dispose() => _authority.Dispose();

    /// <summary>A proxy before the server under test and, where TLS fails, one in clear.</summary>
    private static Task<ProxyHarness> StartAsync(string mode, IPEndPoint server, ScriptedServer? other = null)
    {
        var second = other is null ? "" : $$""", "b2": { "Address": "{{other.EndPoint}}" }""";
        return ProxyHarness.StartAsync([], cluster: $$"""
            { "Destinations": { "b1": { "Address": "{{server}}", "Connection": { "Tls": "{{mode}}" } }{{second}} } }
            """);
    }
}
