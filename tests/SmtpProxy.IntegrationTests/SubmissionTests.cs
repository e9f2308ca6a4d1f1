using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Postfix;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests;

/// <summary>Submission with STARTTLS and AUTH, with the programs that people use, before a Postfix that demands both.</summary>
public sealed class SubmissionTests : IDisposable
{
    private const string User = "u1@example.com";
    private const string Password = "a pass word";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestAuthority _authority = new();
    private readonly TempDirectory _directory = new();
    private readonly int _port = FreePorts.Next();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("CRAM-MD5")]
    public async Task Swaks_LogsIn_MailArrivesUnderTheName(string mechanism)
    {
        await using var postfix = await StartPostfixAsync();
        await using var proxy = await StartProxyAsync(postfix);

        await SwaksAsync(mechanism, Password);
        await postfix.WaitForQueueEmptyAsync(Patience, Token);

        Assert.Single(await postfix.MessagesAsync(Token));
        Assert.Contains(postfix.Log, line => line.Contains($"sasl_method={mechanism}, sasl_username={User}", StringComparison.Ordinal));
        await HostProcess.WaitForLineAsync(proxy, line => line.Contains($"\"auth\":\"{mechanism}\"", StringComparison.Ordinal));
        AssertNoSecret(proxy);
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    public async Task Swaks_WrongPassword_IsRefusedByTheServer(string mechanism)
    {
        await using var postfix = await StartPostfixAsync();
        await using var proxy = await StartProxyAsync(postfix);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => SwaksAsync(mechanism, "wrong"));

        Assert.Contains("535 5.7.8", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await postfix.MessagesAsync(Token));
        await HostProcess.WaitForLineAsync(proxy, line => line.Contains($"AUTH {mechanism} rejected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MailKit_EveryMechanismOffered_SeveralMessagesArriveOverOneServerSession()
    {
        await using var postfix = await StartPostfixAsync();
        await using var proxy = await StartProxyAsync(postfix);
        foreach (var mechanism in new[] { "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256" })
        {
            using var client = new SmtpClient { LocalDomain = "client.example.com" };
            client.ServerCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
            await client.ConnectAsync("127.0.0.1", _port, SecureSocketOptions.StartTls, Token);
            client.AuthenticationMechanisms.RemoveWhere(other => other != mechanism);
            Assert.Equal(mechanism, Assert.Single(client.AuthenticationMechanisms));
            await client.AuthenticateAsync(User, Password, Token);
            await client.SendAsync(Message($"{mechanism} 1"), Token);
            await client.SendAsync(Message($"{mechanism} 2"), Token);
            await client.DisconnectAsync(quit: true, Token);
        }

        await postfix.WaitForQueueEmptyAsync(Patience, Token);
        Assert.Equal(8, (await postfix.MessagesAsync(Token)).Count);
        Assert.Equal(8, postfix.Log.Count(line => line.Contains($"sasl_username={User}", StringComparison.Ordinal)));
        AssertNoSecret(proxy);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("login")]
    [InlineData("scram-sha-256")]
    public async Task Msmtp_LogsIn_MailArrives(string mechanism)
    {
        await using var postfix = await StartPostfixAsync();
        await using var proxy = await StartProxyAsync(postfix);
        var mail = _directory.Write("mail.eml", "Subject: x\r\n\r\nhello\r\n");

        await ChildProcess.RunAsync(
            "sh",
            [
                "-c",
                "msmtp --file=/dev/null --host=localhost --port=\"$0\" --tls=on --tls-starttls=on --tls-trust-file= --tls-certcheck=off "
                    + "--auth=\"$1\" --user=\"$2\" --passwordeval=\"printf %s '$3'\" --from=a@example.com r@example.org < \"$4\"",
                $"{_port}", mechanism, User, Password, mail,
            ],
            Token);
        await postfix.WaitForQueueEmptyAsync(Patience, Token);

        Assert.Single(await postfix.MessagesAsync(Token));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    private static MimeMessage Message(string subject) => new(
        new[] { new MailboxAddress("", "a@example.com") }, [new MailboxAddress("", "r@example.org")], subject, new TextPart("plain") { Text = subject });

    private static void AssertNoSecret(ChildProcess proxy)
    {
        var plain = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"\0{User}\0{Password}"));
        Assert.DoesNotContain(proxy.Lines, line => line.Contains(Password, StringComparison.Ordinal) || line.Contains(plain, StringComparison.Ordinal));
    }

    private async Task<PostfixServer> StartPostfixAsync()
    {
        var (certificate, key) = _authority.Write("127.0.0.1");
        var users = await SaslUsers.CreateAsync(_directory, User, Password, Token);
        return await PostfixServer.StartAsync(
            users with
            {
                Settings = new Dictionary<string, string>(users.Settings)
                {
                    ["smtpd_tls_security_level"] = "encrypt",
                    ["smtpd_tls_auth_only"] = "yes",
                    ["smtpd_tls_cert_file"] = certificate,
                    ["smtpd_tls_key_file"] = key,
                },
            },
            Token);
    }

    private async Task<ChildProcess> StartProxyAsync(PostfixServer server)
    {
        var file = _directory.Write("smtpproxy.json", $$"""
            { "SmtpProxy": {
                "Listeners": { "submission": { "Address": "127.0.0.1:{{_port}}", "Hostname": "proxy.example.com",
                    "Tls": {{_authority.Listener("StartTls", "\"RequireTls\": true")}}, "Auth": { "Mode": "Relay" } } },
                "Clusters": { "pool": { "Connection": { "Tls": "Verify" }, "SessionAffinity": { "Policy": "AuthenticatedUser" },
                    "Destinations": { "mta1": { "Address": "{{server.EndPoint}}" } } } },
                "LogFormat": "Json", "Admin": { "Address": "127.0.0.1:{{FreePorts.Next()}}" } } }
            """);
        var process = ChildProcess.Start(
            "env", [$"SSL_CERT_FILE={_authority.RootFile}", "Logging__LogLevel__Default=Debug", .. HostProgram.Command, "run", "--config", file]);
        await HostProcess.WaitForLineAsync(process, line => line == "smtpproxy ready");
        await WaitForAuthAsync();
        return process;
    }

    /// <summary>What the server offers is learnt behind the readiness.</summary>
    private async Task WaitForAuthAsync()
    {
        await Poll.UntilAsync(
            async () =>
            {
                using var client = new SmtpClient();
                client.ServerCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null;
                await client.ConnectAsync("127.0.0.1", _port, SecureSocketOptions.StartTls, Token);
                return client.Capabilities.HasFlag(SmtpCapabilities.Authentication);
            },
            Patience, "AUTH to be offered", Token);
    }

    private Task<string> SwaksAsync(string mechanism, string password) => ChildProcess.RunAsync(
        "swaks",
        [
            "--server", $"127.0.0.1:{_port}", "--tls", "--auth", mechanism, "--auth-user", User, "--auth-password", password,
            "--from", "a@example.com", "--to", "r@example.org", "--helo", "client.example.com",
        ],
        Token);
}
