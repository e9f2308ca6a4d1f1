using System.Net.Sockets;
using System.Text;
using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.FunctionalTests.Sessions;

public class DialogueTests
{
    private const string Text = "Subject: x\r\n\r\nhello\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_HalfClosedBehindEverything_GetsEveryReplyThenTheClose()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1]);
        var replies = await TalkAsync(
            proxy, "EHLO c\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<r@example.org>\r\nNOOP\r\nRSET\r\nMAIL FROM:<b@example.com>\r\nQUIT\r\n");
        Assert.Equal(["220", "250", "250", "250", "250", "250", "250", "221"], replies);
    }

    [Fact]
    public async Task Session_AlternatingSenders_ReachTwoServersOverOneConnection()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2]);
        var settings = proxy.Runtime.Current.Config.Clusters["pool"].SessionAffinity;
        await proxy.Runtime.Affinity.AssignAsync("pool", new SenderKey("two@example.com"), "b2", settings, Token);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        for (var i = 0; i < 3; i++)
        {
            await client.SendMailAsync("one@example.com", ["r@example.org"], Text);
            await client.SendMailAsync("two@example.com", ["r@example.org"], Text);
        }

        Assert.Equal(3, b1.Messages.Count);
        Assert.Equal(3, b2.Messages.Count);
        Assert.Single(b1.Sessions);
        Assert.Single(b2.Sessions);
    }

    [Fact]
    public async Task Quit_BehindTheDot_IsAnsweredInOrder()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        await client.CommandAsync("RCPT TO:<r@example.org>");
        await client.CommandAsync("DATA");
        Assert.StartsWith("250", await client.CommandAsync(Text + ".\r\nQUIT"), StringComparison.Ordinal);
        Assert.StartsWith("221", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Single(b1.Messages);
    }

    [Theory]
    [InlineData("STARTTLS")]
    [InlineData("AUTH PLAIN AGEAYg==")]
    [InlineData("XCLIENT ADDR=192.0.2.1")]
    [InlineData("EXPN staff")]
    [InlineData("ETRN example.com")]
    public async Task Command_NotBuiltOrNotOurs_Is502AndNeverForwarded(string command)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        Assert.StartsWith("502 5.5.1", await client.CommandAsync(command), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("RCPT TO:<r@example.org>"), StringComparison.Ordinal);
        Assert.DoesNotContain(b1.Commands, c => c.StartsWith(command[..4], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("MAIL FROM:<a@example.com>\r\nRCPT TO:<bad@example.org>\r\nDATA\r\n")]
    [InlineData("DATA\r\n")]
    public async Task Data_RefusedWithTextBehindIt_ClosesWithoutRunningIt(string before)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(ServerKinds.Rule("^RCPT TO:<bad", "550 5.1.1 unknown")));
        await using var proxy = await ProxyHarness.StartAsync([b1]);
        var replies = await TalkAsync(proxy, $"EHLO c\r\n{before}MAIL FROM:<smuggled@example.com>\r\nRCPT TO:<v@example.org>\r\nQUIT\r\n");
        Assert.Equal("421", replies[^1]);
        Assert.DoesNotContain(b1.Commands, c => c.Contains("smuggled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ehlo_InsideATransaction_ResetsIt()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        Assert.StartsWith("503", await client.CommandAsync("MAIL FROM:<b@example.com>"), StringComparison.Ordinal);
        await client.CommandAsync("EHLO again.example.com");
        Assert.StartsWith("503", await client.CommandAsync("RCPT TO:<r@example.org>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("MAIL FROM:<b@example.com>"), StringComparison.Ordinal);
        Assert.Equal(TransactionOutcome.Aborted, (await proxy.RecordsAsync(1, Token))[0].Outcome);
    }

    [Fact]
    public async Task Ehlo_NoServerKnownYet_OffersWhatTheProxyCanDoAlone()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Refusing());
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "Capabilities": null }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.Equal("250-proxy.example.com\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES\r\n", await client.CommandAsync("EHLO c"));
    }

    [Fact]
    public async Task Ehlo_ServersDiffer_OffersWhatAllHaveAndTheSmallestSize()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.With(["PIPELINING", "SIZE 5000", "8BITMIME", "DSN", "XCLIENT NAME"]));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.With(["SIZE 9000", "8BITMIME", "SMTPUTF8", "ETRN"]));
        await using var b3 = ScriptedServer.Start("b3", ServerKinds.Refusing());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2, b3], """{ "Capabilities": null }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await Poll.UntilAsync(
            () => proxy.Runtime.Current.Clusters["pool"].Model.Destinations.Count(static d => d.Capabilities is not null) == 2,
            TimeSpan.FromSeconds(10), "the servers to be known", Token);
        Assert.Equal(
            "250-proxy.example.com\r\n250-PIPELINING\r\n250-SIZE 5000\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n",
            await client.CommandAsync("EHLO c"));
    }

    [Fact]
    public async Task Mail_ParameterNoServerHas_Is555AndNothingIsSent()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.With(["PIPELINING", "SIZE 1000"]));
        await using var proxy = await ProxyHarness.StartAsync([b1]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.StartsWith("555 5.5.4", await client.CommandAsync("MAIL FROM:<a@example.com> BODY=8BITMIME"), StringComparison.Ordinal);
        Assert.StartsWith("552 5.3.4", await client.CommandAsync("MAIL FROM:<a@example.com> SIZE=5000"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("MAIL FROM:<a@example.com> SIZE=999"), StringComparison.Ordinal);
        Assert.Equal(["MAIL FROM:<a@example.com> SIZE=999\r\n"], b1.Commands.Where(c => c.StartsWith("MAIL", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Mail_HintsForAServerWithoutThem_AreLeftOut()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.With(["PIPELINING", "8BITMIME"]));
        await using var proxy = await ProxyHarness.StartAsync([b1]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.StartsWith("250", await client.CommandAsync("MAIL FROM:<a@example.com> SIZE=10 BODY=8BITMIME AUTH=<>"), StringComparison.Ordinal);
        Assert.Contains("MAIL FROM:<a@example.com> BODY=8BITMIME\r\n", b1.Commands);
    }

    [Fact]
    public async Task Recipient_NotAscii_NeedsTheSenderToAskForSmtpUtf8()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.With(["PIPELINING", "SMTPUTF8", "8BITMIME"]));
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "Capabilities": ["SMTPUTF8", "8BITMIME"] }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        Assert.StartsWith("553 5.6.7", await client.CommandAsync("RCPT TO:<\u00C3\u00BC@example.org>"), StringComparison.Ordinal);
        await client.CommandAsync("RSET");
        await client.CommandAsync("MAIL FROM:<a@example.com> SMTPUTF8");
        Assert.StartsWith("250", await client.CommandAsync("RCPT TO:<\u00C3\u00BC@example.org>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_SmtpUtf8NotOffered_Is555AlthoughAServerHasIt()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.With(["PIPELINING", "SMTPUTF8", "8BITMIME"]));
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "Capabilities": ["8BITMIME"] }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.StartsWith("555 5.5.4", await client.CommandAsync("MAIL FROM:<\u00C3\u00BC@example.com> SMTPUTF8"), StringComparison.Ordinal);
        Assert.Empty(b1.Sessions);
    }

    [Fact]
    public async Task Reply_WithBareLineEnds_ReachesTheClientWithCrLf()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(new ServerRule { When = "^MAIL", Reply = "250-first\n250 second\n" }));
        await using var proxy = await ProxyHarness.StartAsync([b1]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.Equal("250-first\r\n250 second\r\n", await client.CommandAsync("MAIL FROM:<a@example.com>"));
    }

    [Fact]
    public async Task Connect_EarlyTalkersRejected_RefusesThemAndGreetsTheOthers()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "RejectEarlyTalkers": true, "GreetingDelay": "500ms" }""");
        Assert.Equal(["554"], await TalkAsync(proxy, "EHLO c\r\nNOOP\r\n"));
        await using var polite = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.StartsWith("250", await polite.CommandAsync("NOOP"), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> TalkAsync(ProxyHarness proxy, string octets)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(proxy.EndPoint, Token);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(octets), Token);
        socket.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var text = await reader.ReadToEndAsync(Token);
        return [.. text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(l => l.Length < 4 || l[3] != '-').Select(l => l[..3])];
    }
}
