using System.Net;
using System.Net.Sockets;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Cases;
using SmtpProxy.TestKit.Servers;
using SmtpProxy.TestKit.Wire;
using Xunit;

namespace SmtpProxy.FunctionalTests;

public class ScriptedServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CloseHow.Fin, "fin")]
    [InlineData(CloseHow.Rst, "rst")]
    public async Task Script_Close_EndsAsTold(CloseHow how, string seen)
    {
        await using var server = ScriptedServer.Start("b1", new ServerEntry { Script = [new() { Send = "220 x\\r\\n" }, new() { Expect = "QUIT" }, new() { Close = how }] });
        await using var client = await ConnectAsync(server);
        await client.ExpectAsync("^220 x\r\n", Patience, oneSegment: true, Cancellation);

        await client.SendAsync("QUIT\r\n"u8.ToArray(), Cancellation);

        var failure = await Assert.ThrowsAsync<StepFailedException>(() => client.ExpectAsync("^221", Patience, oneSegment: false, Cancellation));
        Assert.Contains($"the connection ended ({seen})", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CloseHow.Fin)]
    [InlineData(CloseHow.Rst)]
    public async Task Client_Close_ReachesTheServerAsTold(CloseHow how)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await using var client = new CaseConnection(await TcpWire.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, Cancellation));
        using var accepted = await listener.AcceptAsync(Cancellation);

        await client.CloseAsync(how);

        var failure = await Record.ExceptionAsync(async () => Assert.Equal(0, await accepted.ReceiveAsync(new byte[1], Cancellation)));
        Assert.Equal(how == CloseHow.Rst ? SocketError.ConnectionReset : null, (failure as SocketException)?.SocketErrorCode);
    }

    [Fact]
    public async Task Script_RefuseSecondConnection_RefusesAfterTheFirst()
    {
        await using var server = ScriptedServer.Start("b1",
            new ServerEntry { Conn = 1, Serve = "default" },
            new ServerEntry { Conn = 2, Script = [new() { Refuse = true }] });
        await using var first = await ConnectAsync(server);
        await first.ExpectAsync("^220 ", Patience, oneSegment: false, Cancellation);

        await Poll.UntilAsync(() => server.Sessions.Count == 1, Patience, "the first connection", Cancellation);

        var failure = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(server));
        Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);
    }

    [Fact]
    public async Task Script_RefuseFirstConnection_RefusesFromTheStart()
    {
        await using var server = ScriptedServer.Start("b1", new ServerEntry { Script = [new() { Refuse = true }] });

        var failure = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(server));

        Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);
    }

    [Fact]
    public async Task Sink_LenientEndMark_EndsTheMessageEarly()
    {
        await using var server = ScriptedServer.Start("b1", new ServerEntry { LenientEod = ["\\n.\\n"] });
        await using var client = await ConnectAsync(server);

        await SendMailAsync(client, "first\n.\nNOOP\r\n");

        await client.ExpectAsync("(?m)^250 2.0.0 Ok: queued as B10100\r\n250 2.0.0 Ok\r\n$", Patience, oneSegment: false, Cancellation);
        Assert.Equal("first\n.\n", Assert.Single(server.Messages).Text);
    }

    [Fact]
    public async Task Sink_RuleWithTimes_HoldsThatOften()
    {
        await using var server = ScriptedServer.Start("b1", new ServerEntry { Rules = [new() { When = "^NOOP", Reply = "421 x\\r\\n", Times = 1 }] });
        await using var client = await ConnectAsync(server);

        await client.SendAsync("NOOP\r\nNOOP\r\n"u8.ToArray(), Cancellation);

        await client.ExpectAsync("421 x\r\n250 ", Patience, oneSegment: false, Cancellation);
    }

    [Fact]
    public async Task Sink_RuleForARecipient_HoldsWhenItWasTried()
    {
        await using var server = ScriptedServer.Start("b1", new ServerEntry { Rules = [new() { When = "<EOD>", Reply = "550 no\\r\\n", IfRcpt = "r@example.org" }] });
        await using var client = await ConnectAsync(server);

        await SendMailAsync(client, "text\r\n.\r\n");

        await client.ExpectAsync("(?m)^550 no\r\n", Patience, oneSegment: false, Cancellation);
        Assert.Empty(server.Messages);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Sink_NoReplyToTheText_StoresOnlyWhenTold(bool accept, int stored)
    {
        await using var server = ScriptedServer.Start("b1",
            new ServerEntry { Rules = [new() { When = "<EOD>", Reply = "25", Accept = accept, ThenClose = CloseHow.Fin }] });
        await using var client = await ConnectAsync(server);

        await SendMailAsync(client, "text\r\n.\r\n");

        await client.ExpectAsync("354[^\r\n]*\r\n25$", Patience, oneSegment: false, Cancellation);
        await client.ExpectCloseAsync(Patience, Cancellation);
        Assert.Equal(stored, server.Messages.Count);
    }

    [Fact]
    public async Task Sink_IdleAfterMessage_SaysItsLastWordsAndCloses()
    {
        await using var server = ScriptedServer.Start("b1",
            new ServerEntry { IdleAfterMessageMs = 50, IdleSend = "421 4.4.2 timeout\\r\\n", IdleClose = CloseHow.Fin });
        await using var client = await ConnectAsync(server);

        await SendMailAsync(client, "text\r\n.\r\n");

        await client.ExpectAsync("queued[^\r\n]*\r\n421 4.4.2 timeout\r\n$", Patience, oneSegment: false, Cancellation);
        await client.ExpectCloseAsync(Patience, Cancellation);
    }

    [Fact]
    public async Task Sink_Chunks_AreStoredAsTheyAre()
    {
        await using var server = ScriptedServer.Start("b1");
        await using var client = await ConnectAsync(server);

        await client.SendAsync("EHLO c\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<r@example.org>\r\nBDAT 4\r\n.a\r\nBDAT 3 LAST\r\n.\r\n"u8.ToArray(), Cancellation);

        await client.ExpectAsync("queued", Patience, oneSegment: false, Cancellation);
        Assert.Equal(".a\r\n.\r\n", Assert.Single(server.Messages).Text);
    }

    [Fact]
    public async Task Sink_PrivateVerb_EatsTheOctetsThatFollow()
    {
        await using var server = ScriptedServer.Start("b1", new ServerEntry { EatsBinaryAfter = "XEXCH50" });
        await using var client = await ConnectAsync(server);

        await client.SendAsync("XEXCH50 6 2\r\nQUIT\r\nNOOP\r\n"u8.ToArray(), Cancellation);

        await client.ExpectAsync("354 [^\r\n]*\r\n250 2.0.0 Ok\r\n250 2.0.0 Ok\r\n$", Patience, oneSegment: false, Cancellation);
    }

    [Fact]
    public async Task Script_LineWithoutAPlace_IsKeptForTheReport()
    {
        await using var server = ScriptedServer.Start("b1", new ServerEntry { Script = [new() { Send = "220 x\\r\\n" }, new() { Expect = "^MAIL" }] });
        await using var client = await ConnectAsync(server);

        await client.SendAsync("NOOP\r\nAUTH PLAIN\r\n"u8.ToArray(), Cancellation);

        await client.ExpectAsync("250 2.0.0 Ok\r\n503 ", Patience, oneSegment: false, Cancellation);
        Assert.Equal(["AUTH PLAIN\r\n"], Assert.Single(server.Sessions).Unexpected);
    }

    [Theory]
    [InlineData("", "^220 x\r\n220 y\r\n$")]
    [InlineData("HELO c\r\n", "^220 x\r\n554 early\r\n$")]
    public async Task Script_ExpectSilence_NoticesAnEarlyTalker(string said, string seen)
    {
        ScriptStep[] script = [new() { Send = "220 x\\r\\n" }, new() { ExpectSilenceMs = 200, ElseSend = "554 early\\r\\n", ElseClose = true }, new() { Send = "220 y\\r\\n" }];
        await using var server = ScriptedServer.Start("b1", new ServerEntry { Script = script });
        await using var client = await ConnectAsync(server);

        await client.SendAsync(Octets.OfText(said), Cancellation);

        await client.ExpectAsync(seen, Patience, oneSegment: false, Cancellation);
    }

    [Fact]
    public async Task Script_ServeDefault_GoesOnAsASink()
    {
        await using var server = ScriptedServer.Start("b1", new ServerEntry { Script = [new() { Send = "220 own\\r\\n" }, new() { Serve = "default", NoBanner = true }] });
        await using var client = await ConnectAsync(server);

        await SendMailAsync(client, "text\r\n.\r\n");

        await client.ExpectAsync("^220 own\r\n250-b1[^$]*queued", Patience, oneSegment: false, Cancellation);
        Assert.Equal("text\r\n", Assert.Single(server.Messages).Text);
        Assert.Equal(["r@example.org"], Assert.Single(server.Messages).Recipients);
    }

    private static async Task<CaseConnection> ConnectAsync(ScriptedServer server) =>
        new(await TcpWire.ConnectAsync(server.EndPoint, Cancellation));

    private static Task SendMailAsync(CaseConnection client, string text) => client.SendAsync(
        Octets.OfText($"EHLO c\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<r@example.org>\r\nDATA\r\n{text}"), Cancellation);
}
