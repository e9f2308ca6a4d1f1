using System.Security.Authentication;
using SmtpProxy.FunctionalTests.Sessions;
using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.FunctionalTests.Tls;

public sealed class ListenerTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task StartTls_AfterIt_MailIsRelayedAndRecordedAsTls(SslProtocols protocol)
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("StartTls"));
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.ReplyAsync();
        Assert.Contains("STARTTLS\r\n", await client.CommandAsync("EHLO client.example.com"), StringComparison.Ordinal);
        Assert.StartsWith("220 2.0.0 ", await client.CommandAsync("STARTTLS"), StringComparison.Ordinal);
        await client.ShakeHandsAsync(_authority, protocols: protocol);

        Assert.Equal(protocol, client.Protocol);
        Assert.StartsWith("503 ", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
        Assert.DoesNotContain("STARTTLS", await client.CommandAsync("EHLO client.example.com"), StringComparison.Ordinal);
        Assert.StartsWith("503 ", await client.CommandAsync("STARTTLS"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await client.SendMailAsync("a@example.com", "Subject: x\r\n\r\nhello\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("221 ", await client.CommandAsync("QUIT"), StringComparison.Ordinal);
        Assert.Empty(await client.RestAsync());
        Assert.Equal("Subject: x\r\n\r\nhello\r\n", Assert.Single(server.Messages).Text);
        Assert.True(Assert.Single(await proxy.RecordsAsync(1, Token)).IsTls);
    }

    [Fact]
    public async Task StartTls_LargeText_ArrivesWhole()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i} of a text that needs many records\r\n"));
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("StartTls"));
        await using var client = await TlsClient.UpgradeAsync(proxy.EndPoint, _authority, Token);
        await client.CommandAsync("EHLO client.example.com");

        Assert.StartsWith("250 ", await client.SendMailAsync("a@example.com", text), StringComparison.Ordinal);
        Assert.Equal(text, Assert.Single(server.Messages).Text);
    }

    [Theory]
    [InlineData("RSET\r\nMAIL FROM:<evil@example.net>\r\n")]
    [InlineData("N")]
    public async Task StartTls_OctetsBehindIt_EndTheSessionUnread(string behind)
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("StartTls"));
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.ReplyAsync();
        await client.CommandAsync("EHLO client.example.com");
        await client.SendAsync("STARTTLS\r\n" + behind);

        Assert.Matches("^554 5\\.5\\.0 [^\r\n]*\r\n$", await client.RestAsync());
        Assert.Empty(server.Sessions);
    }

    [Fact]
    public async Task StartTls_ClearTextInsteadOfAHandshake_EndsTheSession()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("StartTls"));
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.ReplyAsync();
        await client.CommandAsync("STARTTLS");
        await client.SendAsync("EHLO client.example.com\r\nMAIL FROM:<a@example.com>\r\n");

        Assert.DoesNotContain("250", await client.RestAsync(), StringComparison.Ordinal);
        await UntilClosedAsync(proxy, "tls_failed");
    }

    [Fact]
    public async Task StartTls_NoHandshakeInTime_EndsTheSession()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("StartTls", "\"HandshakeTimeout\": \"50ms\""));
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.ReplyAsync();
        await client.CommandAsync("STARTTLS");

        Assert.Empty(await client.RestAsync());
        await UntilClosedAsync(proxy, "tls_failed");
    }

    [Fact]
    public async Task StartTls_InATransaction_EndsIt()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("StartTls"));
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.ReplyAsync();
        await client.CommandAsync("EHLO client.example.com");
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        await client.CommandAsync("STARTTLS");
        await client.ShakeHandsAsync(_authority);

        Assert.StartsWith("503 ", await client.CommandAsync("RCPT TO:<r@example.org>"), StringComparison.Ordinal);
        Assert.Equal(TransactionOutcome.Aborted, Assert.Single(await proxy.RecordsAsync(1, Token)).Outcome);
    }

    [Fact]
    public async Task StartTls_ClosedInTheText_DropsTheMessageAndIgnoresWhatFollowsInClear()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("StartTls"));
        await using var client = await TlsClient.UpgradeAsync(proxy.EndPoint, _authority, Token);
        await client.CommandAsync("EHLO client.example.com");
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        await client.CommandAsync("RCPT TO:<r@example.org>");
        await client.CommandAsync("DATA");
        await client.SendAsync("half\r\n");
        await client.CloseTlsAsync();
        await client.SendClearAsync(".\r\nQUIT\r\n");

        Assert.Equal(TransactionOutcome.Aborted, Assert.Single(await proxy.RecordsAsync(1, Token)).Outcome);
        Assert.Empty(server.Messages);
        Assert.DoesNotContain("QUIT\r\n", server.Commands);
    }

    [Theory]
    [InlineData("MAIL FROM:<a@example.com>")]
    [InlineData("RCPT TO:<r@example.org>")]
    [InlineData("DATA")]
    [InlineData("VRFY a")]
    [InlineData("AUTH PLAIN AGEAYg==")]
    [InlineData("BDAT 3 LAST\r\nabc")]
    public async Task RequireTls_InClear_Is530(string line)
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("StartTls", "\"RequireTls\": true"));
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.ReplyAsync();
        await client.CommandAsync("EHLO client.example.com");
        await client.SendAsync(line.StartsWith("BDAT", StringComparison.Ordinal) ? line : line + "\r\n");

        Assert.StartsWith("530 5.7.0 Must issue a STARTTLS command first", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await client.CommandAsync("NOOP"), StringComparison.Ordinal);
        Assert.Empty(server.Sessions);
    }

    [Fact]
    public async Task RequireTls_UnderTls_MailIsRelayed()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("StartTls", "\"RequireTls\": true"));
        await using var client = await TlsClient.UpgradeAsync(proxy.EndPoint, _authority, Token);
        await client.CommandAsync("EHLO client.example.com");

        Assert.StartsWith("250 ", await client.SendMailAsync("a@example.com", "x\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Implicit")]
    public async Task StartTls_WhereItIsNotOffered_Is502(string mode)
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener(mode));
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        if (mode == "Implicit")
        {
            await client.ShakeHandsAsync(_authority);
        }

        await client.ReplyAsync();

        Assert.DoesNotContain("STARTTLS", await client.CommandAsync("EHLO client.example.com"), StringComparison.Ordinal);
        Assert.StartsWith("502 ", await client.CommandAsync("STARTTLS"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Implicit_FromTheFirstOctet_MailIsRelayedAndRecordedAsTls()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("Implicit", "\"RequireTls\": true"));
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.ShakeHandsAsync(_authority);
        Assert.StartsWith("220 proxy.example.com ", await client.ReplyAsync(), StringComparison.Ordinal);
        await client.CommandAsync("EHLO client.example.com");

        Assert.StartsWith("250 ", await client.SendMailAsync("a@example.com", "x\r\n"), StringComparison.Ordinal);
        Assert.True(Assert.Single(await proxy.RecordsAsync(1, Token)).IsTls);
    }

    [Fact]
    public async Task Implicit_Shutdown_IsSaidUnderTls()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("Implicit"));
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.ShakeHandsAsync(_authority);
        await client.ReplyAsync();
        var stopped = proxy.Runtime.StopAsync(Token);

        Assert.StartsWith("421 4.3.2 ", await client.RestAsync(), StringComparison.Ordinal);
        await stopped;
    }

    [Fact]
    public async Task Certificate_FilesChange_NextHandshakeTakesTheNewOne()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("Implicit"));
        var before = await SerialAsync(proxy);
        var (certificate, key) = _authority.Write("proxy.example.com");
        File.SetLastWriteTimeUtc(certificate, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));
        File.SetLastWriteTimeUtc(key, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));

        await Poll.UntilAsync(async () => await SerialAsync(proxy) != before, TimeSpan.FromSeconds(30), "the new certificate", Token);
    }

    [Theory]
    [InlineData("mail.example.net", "CN=mail.example.net")]
    [InlineData("MAIL.example.net", "CN=mail.example.net")]
    [InlineData("proxy.example.com", "CN=proxy.example.com")]
    [InlineData("other.example.com", "CN=proxy.example.com")]
    [InlineData("192.0.2.1", "CN=proxy.example.com")]
    public async Task Certificates_ClientNamesAHost_GetsTheOneThatHoldsIt(string host, string expected)
    {
        var (certificate, key) = _authority.Write("mail.example.net");
        var more = $$"""{ "net": { "Certificate": "{{certificate}}", "Key": "{{key}}" } }""";
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("Implicit", $"\"Certificates\": {more}"));
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.ShakeHandsAsync(_authority, host, checksName: false);

        Assert.Equal(expected, client.ServerCertificate?.Subject);
    }

    [Theory]
    [InlineData("\x16\x03\x01\xff\xff")]
    [InlineData("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00")]
    [InlineData("\x15\x03\x03\x00\x02\x02\x28")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n")]
    public async Task Implicit_NoHandshake_EndsTheSessionWithoutAFault(string octets)
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await StartAsync(server, _authority.Listener("Implicit", "\"HandshakeTimeout\": \"1s\""));
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.SendAsync(octets);

        await UntilClosedAsync(proxy, "tls_failed");
    }

    public void Dispose() => _authority.Dispose();

    private static Task<ProxyHarness> StartAsync(ScriptedServer server, string tls) =>
        ProxyHarness.StartAsync([server], $$"""{ "Tls": {{tls}} }""");

    private static Task UntilClosedAsync(ProxyHarness proxy, string result) => Poll.UntilAsync(
        async () =>
        {
            using var text = new MemoryStream();
            await proxy.Registry.CollectAndExportAsTextAsync(text, Token);
            var line = $$"""smtpproxy_sessions_total{listener="mx",result="{{result}}"} 1""";
            return System.Text.Encoding.UTF8.GetString(text.ToArray()).Contains(line, StringComparison.Ordinal);
        },
        TimeSpan.FromSeconds(30), $"a session that ended by {result}", Token);

    private async Task<string?> SerialAsync(ProxyHarness proxy)
    {
        await using var client = await TlsClient.ConnectAsync(proxy.EndPoint, Token);
        await client.ShakeHandsAsync(_authority);
        return client.ServerCertificate?.SerialNumber;
    }
}
