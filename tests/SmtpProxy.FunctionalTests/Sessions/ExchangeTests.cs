using SmtpProxy.FunctionalTests.Tls;
using SmtpProxy.Model;
using SmtpProxy.TestKit;
using Xunit;

namespace SmtpProxy.FunctionalTests.Sessions;

/// <summary>The sample of config/exchange, before servers that answer as receive connectors of Exchange do. Not Exchange itself.</summary>
public sealed class ExchangeTests : IDisposable
{
    private static readonly string[] Clear =
    [
        "SIZE 37748736", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "STARTTLS", "X-ANONYMOUSTLS", "AUTH NTLM", "AUTH=NTLM", "X-EXPS GSSAPI NTLM",
        "8BITMIME", "BINARYMIME", "CHUNKING", "XEXCH50", "XRDST", "XSHADOWREQUEST",
    ];

    private static readonly string[] Tls =
    [
        "SIZE 37748736", "PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "AUTH NTLM LOGIN", "AUTH=LOGIN", "X-EXPS GSSAPI NTLM", "X-EXPS=GSSAPI",
        "8BITMIME", "BINARYMIME", "CHUNKING", "XEXCH50", "XRDST", "XSHADOWREQUEST", "XPROXY", "XPROXYFROM", "X-MESSAGECONTEXT ADRC-2.1.0.0",
    ];

    private readonly TestAuthority _authority = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ehlo_BeforeExchange_AnnouncesWhatCanBeRelayedAndNothingElse()
    {
        await using var first = Server();
        await using var second = Server();
        await using var proxy = await StartAsync(first, second);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        // What the servers offer is learnt behind the start.
        var offer = string.Empty;
        await Poll.UntilAsync(
            async () => (offer = await client.CommandAsync("EHLO client.example.com")).Contains("CHUNKING", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30), "CHUNKING to be offered", Token);

        Assert.Equal(
            ["8BITMIME", "BINARYMIME", "CHUNKING", "DSN", "ENHANCEDSTATUSCODES", "PIPELINING", "SIZE 37748736"],
            offer.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static line => line[4..]).Order(StringComparer.Ordinal));
        Assert.StartsWith("502 ", await client.CommandAsync("X-EXPS NTLM"), StringComparison.Ordinal);
        Assert.StartsWith("502 ", await client.CommandAsync("XEXCH50 1080 2"), StringComparison.Ordinal);
        Assert.StartsWith("502 ", await client.CommandAsync("AUTH LOGIN"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("452 4.3.1 Insufficient system resources")]
    [InlineData("421 4.3.2 Service not active")]
    [InlineData("451 4.3.2 System not accepting network messages")]
    public async Task Mail_ServerUnderBackPressure_GoesToTheOtherServer(string reply)
    {
        await using var full = Server(line => line.StartsWith("MAIL", StringComparison.Ordinal) ? reply + "\r\n" : null);
        await using var good = Server();
        await using var proxy = await StartAsync(full, good);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        // Half of the senders have the full server as their first one.
        for (var i = 0; i < 10; i++)
        {
            await client.SendMailAsync($"sender{i}@example.com", ["r@example.org"], "Subject: x\r\n\r\nx\r\n");
        }

        Assert.Contains(full.Lines, static line => line.StartsWith("tls MAIL FROM:", StringComparison.Ordinal));
        Assert.DoesNotContain(full.Lines, static line => line.EndsWith("DATA", StringComparison.Ordinal));
        Assert.Equal(10, good.Lines.Count(static line => line == "tls DATA"));
        Assert.All(await proxy.RecordsAsync(10, Token), static record => Assert.Equal(TransactionOutcome.Relayed, record.Outcome));
    }

    [Fact]
    public async Task Mail_ToExchange_IsSaidUnderTlsWithoutAWordAboutTheClient()
    {
        await using var first = Server();
        await using var second = Server();
        await using var proxy = await StartAsync(first, second);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");

        var lines = first.Lines.Concat(second.Lines).ToArray();
        Assert.Single(lines, static line => line == "tls MAIL FROM:<a@example.com>");
        Assert.All(lines.Where(static line => line.StartsWith("clear", StringComparison.Ordinal)), static line =>
            Assert.Contains(line, (string[])["clear EHLO mx.example.com", "clear STARTTLS"]));
        Assert.DoesNotContain(lines, static line => line.Contains("XCLIENT", StringComparison.Ordinal) || line.Contains("PROXY", StringComparison.Ordinal));
    }

    public void Dispose() => _authority.Dispose();

    private static Task<ProxyHarness> StartAsync(TlsServer first, TlsServer second)
    {
        var endPoint = FreePorts.NextEndPoint();
        return ProxyHarness.StartAsync(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", "exchange", "smtpproxy.json"))
                .Replace("*:25", endPoint.ToString(), StringComparison.Ordinal)
                .Replace("exch1.example.com:25", first.EndPoint.ToString(), StringComparison.Ordinal)
                .Replace("exch2.example.com:25", second.EndPoint.ToString(), StringComparison.Ordinal)
                .Replace("127.0.0.1:8025", FreePorts.NextEndPoint().ToString(), StringComparison.Ordinal),
            endPoint);
    }

    private TlsServer Server(Func<string, string?>? answer = null) => new(_authority.Write("exch.example.com"))
    {
        ClearCapabilities = Clear,
        TlsCapabilities = Tls,
        Answer = answer ?? (static _ => null),
    };
}
