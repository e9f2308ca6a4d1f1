using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Postfix;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests;

/// <summary>The samples of config/submission, with addresses and files of this test, before real Postfix servers.</summary>
public sealed class SubmissionSampleTests : IDisposable
{
    private const string User = "u1@example.com";
    private const string Password = "a pass word";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _private = new();
    private readonly TempDirectory _directory = new();
    private readonly int _submission = FreePorts.Next();
    private readonly int _submissions = FreePorts.Next();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Samples_TogetherAsTheyAre_UsersLogInAndServersSeeTheirAddresses()
    {
        await using var postfix = await StartPostfixAsync(_private);
        await using var proxy = await StartProxyAsync(postfix);

        await SendAsync(_submission, SecureSocketOptions.StartTls);
        await SendAsync(_submissions, SecureSocketOptions.SslOnConnect);
        await postfix.WaitForQueueEmptyAsync(Patience, Token);

        Assert.Equal(2, (await postfix.MessagesAsync(Token)).Count);
        Assert.Equal(2, postfix.Log.Count(static line =>
            line.Contains("client=unknown[127.0.0.2], sasl_method=", StringComparison.Ordinal)
            && line.Contains($"sasl_username={User}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Samples_MsmtpThatChecksTheCertificate_MailArrives()
    {
        await using var postfix = await StartPostfixAsync(_private);
        await using var proxy = await StartProxyAsync(postfix);
        await WaitForAuthAsync(_submission, SecureSocketOptions.StartTls);
        var mail = _directory.Write("mail.eml", "Subject: x\r\n\r\nhello\r\n");

        await ChildProcess.RunAsync(
            "sh",
            [
                "-c",
                "msmtp --file=/dev/null --host=localhost --port=\"$0\" --tls=on --tls-starttls=on --tls-trust-file=\"$1\" "
                    + "--tls-host-override=proxy.example.com --auth=on --user=\"$2\" --passwordeval=\"printf %s '$3'\" --from=a@example.com "
                    + "r@example.org < \"$4\"",
                $"{_submission}", _authority.RootFile, User, Password, mail,
            ],
            Token);
        await postfix.WaitForQueueEmptyAsync(Patience, Token);

        Assert.Single(await postfix.MessagesAsync(Token));
    }

    [Fact]
    public async Task Samples_NoLogin_NoMail()
    {
        await using var postfix = await StartPostfixAsync(_private);
        await using var proxy = await StartProxyAsync(postfix);
        using var client = await ConnectAsync(_submission, SecureSocketOptions.StartTls);

        var refusal = await Assert.ThrowsAsync<SmtpCommandException>(() => client.SendAsync(Message(), Token));

        Assert.Contains("Client host rejected: Access denied", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await postfix.MessagesAsync(Token));
    }

    [Fact]
    public async Task Samples_ServerOfAnotherAuthority_GetsNoPassword()
    {
        await using var postfix = await StartPostfixAsync(_authority);
        await using var proxy = await StartProxyAsync(postfix);
        await using var client = await SmtpClientStub.ConnectAsync(new(System.Net.IPAddress.Loopback, _submission), Token);
        Assert.DoesNotContain("AUTH", await client.CommandAsync("EHLO client.example.com"), StringComparison.Ordinal);

        await HostProcess.WaitForLineAsync(proxy, static line => line.Contains("TLS with pool/mta1 failed", StringComparison.Ordinal));
        Assert.DoesNotContain(postfix.Log, static line => line.Contains("sasl_username", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _private.Dispose();
        _directory.Dispose();
    }

    private static MimeMessage Message() => new(
        new[] { new MailboxAddress("", "a@example.com") }, [new MailboxAddress("", "r@example.org")], "x", new TextPart("plain") { Text = "x" });

    private static string Sample(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", "submission", name));

    private async Task<PostfixServer> StartPostfixAsync(TestAuthority authority)
    {
        var (certificate, key) = authority.Write("127.0.0.1");
        var users = await SaslUsers.CreateAsync(_directory, User, Password, Token);
        var settings = Sample("main.cf")
            .Replace("10.0.0.11, 10.0.0.12", "127.0.0.1", StringComparison.Ordinal)
            .Replace("/etc/postfix/tls.pem", certificate, StringComparison.Ordinal)
            .Replace("/etc/postfix/tls.key", key, StringComparison.Ordinal).Split('\n')
            .Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split(" = "))
            .ToDictionary(static pair => pair[0], static pair => pair[1]);
        Assert.Equal(8, settings.Count);

        // How passwords are checked is the operator's: the users of the test, and what the sample says over it.
        var ofUsers = users.Settings.Where(setting => !settings.ContainsKey(setting.Key));
        return await PostfixServer.StartAsync(
            users with { Settings = new Dictionary<string, string>(settings.Concat(ofUsers)) }, Token);
    }

    private async Task<ChildProcess> StartProxyAsync(PostfixServer postfix)
    {
        var (certificate, key) = _authority.Write("proxy.example.com");
        _directory.Write("smtpproxy.json", Sample("smtpproxy.json")
            .Replace("*:587", $"127.0.0.1:{_submission}", StringComparison.Ordinal)
            .Replace("*:465", $"127.0.0.1:{_submissions}", StringComparison.Ordinal)
            .Replace("/etc/smtpproxy/tls.pem", certificate, StringComparison.Ordinal)
            .Replace("/etc/smtpproxy/tls.key", key, StringComparison.Ordinal)
            .Replace("/etc/smtpproxy/ca.pem", _private.RootFile, StringComparison.Ordinal)
            .Replace("mta1.example.com:587", postfix.EndPoint.ToString(), StringComparison.Ordinal)
            .Replace("mta2.example.com:587", postfix.EndPoint.ToString(), StringComparison.Ordinal)
            .Replace("127.0.0.1:8025", $"127.0.0.1:{FreePorts.Next()}", StringComparison.Ordinal));
        return await HostProcess.StartReadyAsync(_directory.Root, "run", "--config", "smtpproxy.json");
    }

    /// <summary>What the servers offer is learnt behind the readiness.</summary>
    private static Task WaitForAuthAsync(int port, SecureSocketOptions security) => Poll.UntilAsync(
        async () =>
        {
            using var client = await ConnectAsync(port, security);
            return client.Capabilities.HasFlag(SmtpCapabilities.Authentication);
        },
        Patience, "AUTH to be offered", Token);

    private static async Task SendAsync(int port, SecureSocketOptions security)
    {
        await WaitForAuthAsync(port, security);
        using var client = await ConnectAsync(port, security);
        await client.AuthenticateAsync(User, Password, Token);
        await client.SendAsync(Message(), Token);
        await client.DisconnectAsync(quit: true, Token);
    }

    private static async Task<SmtpClient> ConnectAsync(int port, SecureSocketOptions security)
    {
        var client = new SmtpClient
        {
            LocalDomain = "client.example.com",
            LocalEndPoint = new(System.Net.IPAddress.Parse("127.0.0.2"), 0),
            ServerCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        };
        await client.ConnectAsync("127.0.0.1", port, security, Token);
        return client;
    }
}
