using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Postfix;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests;

/// <summary>TLS with the programs that people use.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestAuthority _authority = new();
    private readonly TempDirectory _directory = new();
    private readonly int _port = FreePorts.Next();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Swaks_ToAPostfixThatDemandsTls_MailArrivesOnce()
    {
        await using var postfix = await StartPostfixAsync();
        await using var proxy = await StartProxyAsync(postfix, "Verify", _authority.RootFile);

        await SwaksAsync("--tls");
        await postfix.WaitForQueueEmptyAsync(Patience, Token);

        var message = Assert.Single(await postfix.MessagesAsync(Token));
        Assert.Contains("using TLSv1.3", message.Text, StringComparison.Ordinal);
        await HostProcess.WaitForLineAsync(proxy, line => line.Contains("\"tls\":true", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Swaks_TlsFromTheFirstOctet_MailArrivesOnce()
    {
        await using var postfix = await StartPostfixAsync();
        await using var proxy = await StartProxyAsync(postfix, "Required", trusted: null, mode: "Implicit");

        await SwaksAsync("--tls-on-connect");
        await postfix.WaitForQueueEmptyAsync(Patience, Token);

        Assert.Single(await postfix.MessagesAsync(Token));
    }

    [Fact]
    public async Task Verify_AuthorityThatNobodyTrusts_MailIsDeferred()
    {
        await using var postfix = await StartPostfixAsync();
        await using var proxy = await StartProxyAsync(postfix, "Verify", trusted: null);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => SwaksAsync("--tls"));

        Assert.Contains("451 4.3.2", failure.Message, StringComparison.Ordinal);
        await HostProcess.WaitForLineAsync(proxy, line => line.Contains("TLS with pool/mta1 failed", StringComparison.Ordinal));
        Assert.Empty(await postfix.MessagesAsync(Token));
    }

    [Fact]
    public async Task Verify_CertificateOfAnotherHost_MailIsDeferred()
    {
        await using var postfix = await StartPostfixAsync("other.example.com");
        await using var proxy = await StartProxyAsync(postfix, "Verify", _authority.RootFile);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => SwaksAsync("--tls"));

        Assert.Contains("451 4.3.2", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await postfix.MessagesAsync(Token));
    }

    [Fact]
    public async Task Postfix_ThatSendsOnlyUnderTls_MailArrivesOnce()
    {
        await using var postfix = await StartPostfixAsync();
        await using var proxy = await StartProxyAsync(postfix, "Opportunistic", trusted: null);
        await using var sender = await PostfixServer.StartAsync(
            new PostfixOptions
            {
                Hostname = "sender.example.com",
                RelayHost = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, _port),
                Settings = new Dictionary<string, string> { ["smtp_tls_security_level"] = "encrypt" },
            },
            Token);
        await using var client = await SmtpClientStub.ConnectAsync(sender.EndPoint, Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], "Message-ID: <1@test>\r\n\r\nx\r\n");
        await sender.WaitForQueueEmptyAsync(Patience, Token);
        await postfix.WaitForQueueEmptyAsync(Patience, Token);

        Assert.Equal("<1@test>", Assert.Single(await postfix.MessagesAsync(Token)).MessageId);
    }

    [Fact]
    public async Task OpenSsl_StartTls_GetsTheWholeChainAndAProperEnd()
    {
        await using var postfix = await StartPostfixAsync();
        await using var proxy = await StartProxyAsync(postfix, "Required", trusted: null);

        var script = $"(sleep 1; printf 'QUIT\\n'; sleep 5) | openssl s_client -starttls smtp -connect 127.0.0.1:{_port} "
            + $"-servername proxy.example.com -verify_hostname proxy.example.com -CAfile {_authority.RootFile} -verify_return_error -crlf -quiet -ign_eof 2>&1";
        var output = await ChildProcess.RunAsync("sh", ["-c", script], Token);

        Assert.Contains("CN = proxy.example.com", output, StringComparison.Ordinal);
        Assert.Contains("221 2.0.0 Bye", output, StringComparison.Ordinal);
        Assert.DoesNotContain("error", output, StringComparison.OrdinalIgnoreCase);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    private Task<PostfixServer> StartPostfixAsync(string host = "127.0.0.1")
    {
        var (certificate, key) = _authority.Write(host);
        return PostfixServer.StartAsync(
            new PostfixOptions
            {
                Settings = new Dictionary<string, string>
                {
                    ["smtpd_tls_security_level"] = "encrypt",
                    ["smtpd_tls_cert_file"] = certificate,
                    ["smtpd_tls_key_file"] = key,
                    ["smtpd_tls_received_header"] = "yes",
                },
            },
            Token);
    }

    private async Task<ChildProcess> StartProxyAsync(PostfixServer server, string tls, string? trusted, string mode = "StartTls")
    {
        var file = _directory.Write("smtpproxy.json", $$"""
            { "SmtpProxy": {
                "Listeners": { "mx": { "Address": "127.0.0.1:{{_port}}", "Hostname": "proxy.example.com", "Tls": {{_authority.Listener(mode, "\"RequireTls\": true")}} } },
                "Clusters": { "pool": { "Connection": { "Tls": "{{tls}}" }, "Destinations": { "mta1": { "Address": "{{server.EndPoint}}" } } } },
                "LogFormat": "Json", "Admin": { "Address": "127.0.0.1:{{FreePorts.Next()}}" } } }
            """);

        // The system's own list of authorities, unless a test has one.
        var process = ChildProcess.Start(
            "env", [trusted is null ? "TRUSTED=system" : $"SSL_CERT_FILE={trusted}", .. HostProgram.Command, "run", "--config", file]);
        await HostProcess.WaitForLineAsync(process, line => line == "smtpproxy ready");
        return process;
    }

    private Task<string> SwaksAsync(string tls) => ChildProcess.RunAsync(
        "swaks", ["--server", $"127.0.0.1:{_port}", tls, "--from", "a@example.com", "--to", "r@example.org", "--helo", "client.example.com"], Token);
}
