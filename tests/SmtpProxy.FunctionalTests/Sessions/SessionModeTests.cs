using System.Net.Sockets;
using SmtpProxy.Model;
using SmtpProxy.Relay;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using SmtpProxy.TestKit.Wire;
using Xunit;

namespace SmtpProxy.FunctionalTests.Sessions;

public class SessionModeTests
{
    private const string Spliced = """{ "RelayMode": "Session" }""";
    private const string Text = "Subject: x\r\n\r\nhello\r\n..dot\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_SeveralSenders_StayWithTheFirstOnesServer()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], Spliced);
        var settings = proxy.Runtime.Current.Config.Clusters["pool"].SessionAffinity;
        await proxy.Runtime.Affinity.AssignAsync("pool", new SenderKey("one@example.com"), "b2", settings, Token);
        await using (var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token))
        {
            foreach (var sender in new[] { "one@example.com", "two@example.com", "one@example.com" })
            {
                await client.SendMailAsync(sender, ["r@example.org"], Text);
            }

            Assert.StartsWith("221", await client.CommandAsync("QUIT"), StringComparison.Ordinal);
        }

        Assert.Equal(3, Assert.Single(b2.Sessions).Messages.Count);
        Assert.Empty(b1.Sessions);
        var records = await proxy.RecordsAsync(3, Token);
        Assert.All(records, r => Assert.Equal((TransactionOutcome.Relayed, "b2", 1), (r.Outcome, r.Destination, r.AcceptedRecipients)));
        Assert.Equal([1, 2, 3], records.Select(r => r.Number));
        Assert.Equal(["one@example.com", "two@example.com", "one@example.com"], records.Select(r => r.Key.Value));
        Assert.Null(records[1].Entry);
        Assert.NotNull(records[2].Entry);
    }

    [Fact]
    public async Task Mail_RefusedByABusyServer_StillMovesBeforeTheSplice()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(ServerKinds.Rule("^MAIL", "451 4.3.0 busy")));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], Spliced);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], Text);
        Assert.Single(b2.Messages);
    }

    [Fact]
    public async Task Command_OfAPrivateExtension_PassesAndSoDoesItsReply()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(ServerKinds.Rule("^XSUMMER", "299 7 dwarfs")));
        await using var proxy = await ProxyHarness.StartAsync([b1], Spliced);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.StartsWith("250", await client.CommandAsync("MAIL FROM:<a@example.com> XSHADOW=1"), StringComparison.Ordinal);
        Assert.StartsWith("299 7 dwarfs", await client.CommandAsync("XSUMMER now"), StringComparison.Ordinal);
        Assert.Contains("MAIL FROM:<a@example.com> XSHADOW=1\r\n", b1.Commands);
    }

    [Fact]
    public async Task Ehlo_BehindMail_IsAnsweredByTheServerWithAllItOffers()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.With(["PIPELINING", "XSUMMER"]));
        await using var proxy = await ProxyHarness.StartAsync([b1], Spliced);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.DoesNotContain("XSUMMER", await client.CommandAsync("EHLO client.example.com"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
        Assert.Contains("XSUMMER", await client.CommandAsync("EHLO client.example.com"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task XForward_SeveralMessages_TellsOfTheFirst()
    {
        await using var b1 = ScriptedServer.Start(
            "b1", ServerKinds.With(["PIPELINING", "XFORWARD NAME ADDR PROTO HELO"], ServerKinds.Rule("^XFORWARD", "250 2.0.0 Ok")));
        await using var proxy = await ProxyHarness.StartAsync([b1], Spliced, """{ "Connection": { "Identity": "XForward" } }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], Text);
        await client.SendMailAsync("b@example.com", ["r@example.org"], Text);

        Assert.Equal(2, b1.Messages.Count);
        Assert.Single(b1.Commands, static line => line.StartsWith("XFORWARD", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Group_PipelinedAsAWhole_GetsEveryReplyInOrder()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(ServerKinds.Rule("^RCPT.*bad", "450 4.2.1 later")));
        await using var proxy = await ProxyHarness.StartAsync([b1], Spliced);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendAsync("MAIL FROM:<a@example.com>\r\nRCPT TO:<r@example.org>\r\nRCPT TO:<bad@example.org>\r\nDATA\r\n");
        Assert.Equal(["250", "250", "450", "354"], await CodesAsync(client, 4));
        await client.SendAsync(Text + ".\r\nNOOP\r\nQUIT\r\n");
        Assert.Equal(["250", "250", "221"], await CodesAsync(client, 3));
        var record = Assert.Single(await proxy.RecordsAsync(1, Token));
        Assert.Equal((1, 1, (long)Text.Length), (record.AcceptedRecipients, record.DeferredRecipients, record.Bytes));
    }

    [Fact]
    public async Task Server_LostAfterTheDot_IsALostTransactionAnd421()
    {
        await using var b1 = ScriptedServer.Start(
            "b1", ServerKinds.Good(new ServerRule { When = "^<EOD>", Reply = "", ThenClose = CloseHow.Rst }));
        await using var proxy = await ProxyHarness.StartAsync([b1], Spliced);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await EnvelopeAsync(client);
        Assert.StartsWith("421 4.4.2", await client.CommandAsync(Text + "."), StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(client.ReplyAsync);
        var record = Assert.Single(await proxy.RecordsAsync(1, Token));
        Assert.Equal((TransactionOutcome.Lost, TransactionStage.FinalReply), (record.Outcome, record.Stage));
        Assert.True(Assert.Single(record.Attempts).CountsAgainstSender);
    }

    [Fact]
    public async Task Client_GoneInTheText_LeavesTheServerWithoutTheEnd()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], Spliced);
        await using (var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token))
        {
            await EnvelopeAsync(client);
            await client.SendAsync("half a text\r\n");
        }

        var record = Assert.Single(await proxy.RecordsAsync(1, Token));
        Assert.Equal(TransactionOutcome.Aborted, record.Outcome);
        await Poll.UntilAsync(() => b1.Sessions is [{ IsEstablished: false }], TimeSpan.FromSeconds(10), "the session to be dropped", Token);
        Assert.Empty(b1.Messages);
    }

    [Fact]
    public async Task Text_WithASmuggledEnd_Is550AndNeverDelivered()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], Spliced);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await EnvelopeAsync(client);
        Assert.StartsWith("550 5.5.2", await client.CommandAsync("x\n.\nMAIL FROM:<evil@example.com>\r\n."), StringComparison.Ordinal);
        Assert.Empty(b1.Messages);
        Assert.DoesNotContain(b1.Commands, c => c.Contains("evil", StringComparison.Ordinal));
        Assert.Equal(TransactionOutcome.Rejected, Assert.Single(await proxy.RecordsAsync(1, Token)).Outcome);
    }

    [Fact]
    public async Task Text_WithoutTheGoAhead_IsHeldOnlyUpToABound()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good() with { Delays = new Dictionary<string, int> { ["^DATA"] = 30_000 } });
        await using var proxy = await ProxyHarness.StartAsync([b1], Spliced);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        await client.CommandAsync("RCPT TO:<r@example.org>");
        await client.SendAsync("DATA\r\n" + new string('x', SpliceRelay.MaxHeld + 4096));
        Assert.StartsWith("421 4.5.0", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Empty(b1.Messages);
    }

    [Fact]
    public async Task Client_Silent_Is421AndBothSidesClose()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "RelayMode": "Session", "CommandTimeout": "1s" }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        Assert.StartsWith("421 4.4.2", await client.ReplyAsync(), StringComparison.Ordinal);
        await Poll.UntilAsync(() => b1.Sessions is [{ IsEstablished: false }], TimeSpan.FromSeconds(10), "the server to be left", Token);
    }

    [Fact]
    public async Task Drain_InATransaction_WaitsForItsEnd()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], Spliced);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await EnvelopeAsync(client);
        var stopped = proxy.Runtime.StopAsync(Token);
        Assert.StartsWith("250", await client.CommandAsync(Text + "."), StringComparison.Ordinal);
        Assert.StartsWith("421 4.3.2", await client.ReplyAsync(), StringComparison.Ordinal);
        await stopped;
        Assert.Single(b1.Messages);
    }

    [Fact]
    public async Task Client_HalfClosedBehindItsCommands_GetsEveryReply()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], Spliced);
        using var client = new TcpClient();
        await client.ConnectAsync(proxy.EndPoint, Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Octets.OfText("EHLO c\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<r@example.org>\r\nNOOP\r\nRSET\r\n"), Token);
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        var lines = (await reader.ReadToEndAsync(Token)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["220", "250", "250", "250", "250", "250"], lines.Where(l => l[3] == ' ').Select(l => l[..3]));
    }

    private static async Task EnvelopeAsync(SmtpClientStub client)
    {
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        await client.CommandAsync("RCPT TO:<r@example.org>");
        Assert.StartsWith("354", await client.CommandAsync("DATA"), StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> CodesAsync(SmtpClientStub client, int count)
    {
        var codes = new List<string>();
        while (codes.Count < count)
        {
            codes.Add((await client.ReplyAsync())[..3]);
        }

        return codes;
    }
}
