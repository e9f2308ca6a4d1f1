using System.Text;
using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using SmtpProxy.TestKit.Wire;
using Xunit;

namespace SmtpProxy.FunctionalTests.Sessions;

public class BdatTests
{
    private const string Envelope = "MAIL FROM:<a@example.com>\r\nRCPT TO:<r@example.org>\r\n";
    private const string Offer = """{ "Capabilities": ["CHUNKING", "BINARYMIME", "8BITMIME"] }""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ehlo_NotAllServersHaveBinaryMime_OffersChunkingAlone()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.With(["CHUNKING", "BINARYMIME"]));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.With(["CHUNKING", "SMTPUTF8"]));
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], """{ "Capabilities": null }""");
        await Poll.UntilAsync(
            () => proxy.Runtime.Current.Clusters["pool"].Model.Destinations.All(static d => d.Capabilities is not null),
            TimeSpan.FromSeconds(10), "the servers to be known", Token);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.Equal("250-proxy.example.com\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 CHUNKING\r\n", await client.CommandAsync("EHLO c"));
    }

    [Theory]
    [InlineData("""["BINARYMIME"]""", "250-PIPELINING\r\n250 ENHANCEDSTATUSCODES\r\n")]
    [InlineData("""["BINARYMIME", "CHUNKING"]""", "250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-CHUNKING\r\n250 BINARYMIME\r\n")]
    public async Task Ehlo_FixedCapabilities_OffersBinaryMimeOnlyWithChunking(string capabilities, string expected)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], $$"""{ "Capabilities": {{capabilities}} }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.Equal("250-proxy.example.com\r\n" + expected, await client.CommandAsync("EHLO c"));
    }

    [Fact]
    public async Task Bdat_PipelinedWithEverything_IsRelayedOctetForOctetAndAnsweredInOrder()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], Offer);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendAsync(Envelope + "bdat 0007\r\n..\r\n.\r\nBDAT 12\tlast\r\nQUIT\r\n\0\u00FF\n.\r\nNOOP\r\nQUIT\r\n");

        Assert.Equal(["250 2.1.0", "250 2.1.5", "250 2.0.0", "250 2.0.0", "250 2.0.0", "221 2.0.0"], await RepliesAsync(client, 6));
        Assert.Equal("..\r\n.\r\nQUIT\r\n\0\u00FF\n.\r\n", Assert.Single(b1.Messages).Text);
        Assert.Equal(["BDAT 7\r\n", "BDAT 12 LAST\r\n"], b1.Commands.Where(static c => c.StartsWith("BDAT", StringComparison.Ordinal)));
        var record = Assert.Single(await proxy.RecordsAsync(1, Token));
        Assert.Equal((TransactionOutcome.Relayed, 19L, TransactionStage.FinalReply), (record.Outcome, record.Bytes, record.Stage));
    }

    [Fact]
    public async Task Bdat_OneOctetAWrite_IsTheSameText()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], Offer);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        foreach (var octet in Envelope + "BDAT 5\r\nab\r\n.BDAT 3\r\n\r\nXBDAT 0 LAST\r\nNOOP\r\n")
        {
            await client.SendAsync(octet.ToString());
        }

        Assert.All(await RepliesAsync(client, 6), static reply => Assert.StartsWith("250", reply, StringComparison.Ordinal));
        Assert.Equal("ab\r\n.\r\nX", Assert.Single(b1.Messages).Text);
    }

    [Fact]
    public async Task Bdat_MegabytesInTwoChunks_ArriveWholeOverOneConnectionTwice()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], Offer);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        var octets = new byte[2_000_000];
        new Random(1).NextBytes(octets);
        var text = Encoding.Latin1.GetString(octets);
        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync($"{Envelope}BDAT 1500000\r\n{text[..1_500_000]}BDAT 500000 LAST\r\n{text[1_500_000..]}");
            Assert.All(await RepliesAsync(client, 4), static reply => Assert.StartsWith("250", reply, StringComparison.Ordinal));
        }

        Assert.Equal(2, b1.Messages.Count);
        Assert.All(b1.Messages, message => Assert.True(octets.AsSpan().SequenceEqual(message.Content)));
        Assert.Single(b1.Sessions);
    }

    [Theory]
    [InlineData("", "503 5.5.1")]
    [InlineData("MAIL FROM:<a@example.com>\r\n", "554 5.5.1")]
    [InlineData("MAIL FROM:<a@example.com>\r\nRCPT TO:<bad@example.org>\r\n", "554 5.5.1")]
    [InlineData("HELO c\r\n" + Envelope, "502 5.5.1")]
    public async Task Bdat_RefusedByTheProxy_OwnsItsOctets(string before, string reply)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(ServerKinds.Rule("^RCPT TO:<bad", "550 5.1.1 unknown")));
        await using var proxy = await ProxyHarness.StartAsync([b1], Offer);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendAsync(before + "BDAT 12 LAST\r\nRSET\r\nQUIT\r\nNOOP\r\n");
        var replies = await RepliesAsync(client, before.Count(static c => c == '\n') + 2);
        Assert.Equal([reply, "250 2.0.0"], replies[^2..]);
        Assert.DoesNotContain(b1.Commands, static c => c.StartsWith("BDAT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1 LAST")]
    [InlineData("9223372036854775808")]
    [InlineData("5 FIRST")]
    [InlineData("")]
    public async Task Bdat_SizeUnreadable_Is501AndTheSessionEnds(string argument)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], Offer);
        foreach (var before in new[] { "", Envelope, Envelope + "BDAT 2\r\nab" })
        {
            await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
            await client.SendAsync($"{before}BDAT {argument}\r\nMAIL FROM:<smuggled@example.com>\r\n");
            var replies = await RepliesAsync(client, before.Count(static c => c == '\n') + 1);
            Assert.Equal("501 5.5.4", replies[^1]);
            await Assert.ThrowsAsync<InvalidOperationException>(client.ReplyAsync);
        }

        Assert.Empty(b1.Messages);
        Assert.DoesNotContain(b1.Commands, static c => c.Contains("smuggled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Command_AfterTheFirstChunk_OnlyMoreChunksMayFollow()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], Offer);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendAsync(Envelope + "BDAT 2\r\nab");
        await RepliesAsync(client, 3);
        foreach (var command in new[] { "MAIL FROM:<b@example.com>", "RCPT TO:<s@example.org>", "DATA" })
        {
            Assert.StartsWith("503 5.5.1", await client.CommandAsync(command), StringComparison.Ordinal);
        }

        Assert.StartsWith("250", await client.CommandAsync("NOOP"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0 Ok: queued", await client.CommandAsync("BDAT 3 LAST\r\nc"), StringComparison.Ordinal);
        var message = Assert.Single(b1.Messages);
        Assert.Equal("abc\r\n", message.Text);
        Assert.Single(message.Recipients);
    }

    [Fact]
    public async Task Rset_BetweenChunks_AbortsAndTheServerIsClearedForTheNextMail()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], Offer);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendAsync(Envelope + "BDAT 4\r\nhalfRSET\r\n");
        await RepliesAsync(client, 4);
        await Poll.UntilAsync(() => b1.Commands.Contains("RSET\r\n"), TimeSpan.FromSeconds(10), "RSET at the server", Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], "whole\r\n");
        Assert.Equal("whole\r\n", Assert.Single(b1.Messages).Text);
        Assert.Equal(TransactionOutcome.Aborted, (await proxy.RecordsAsync(2, Token))[0].Outcome);
    }

    [Theory]
    [InlineData("452 4.3.1 full", "452 4.3.1", TransactionOutcome.Deferred)]
    [InlineData("552 5.3.4 too big", "552 5.3.4", TransactionOutcome.Rejected)]
    [InlineData("421 4.3.2 going", "451 4.3.2", TransactionOutcome.Deferred)]
    public async Task Bdat_ServerRefusesAChunk_EndsTheTextAndSwallowsWhatFollows(string said, string told, TransactionOutcome outcome)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(ServerKinds.Rule("^BDAT 6", said)));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], Offer);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendAsync(Envelope + "BDAT 2\r\nabBDAT 6\r\nQUIT\r\nBDAT 6\r\nQUIT\r\nBDAT 6 LAST\r\nRSET\r\nDATA\r\n");
        Assert.Equal(["250 2.0.0", told, "503 5.5.1", "503 5.5.1", "503 5.5.1"], (await RepliesAsync(client, 7))[2..]);
        Assert.StartsWith("250", await client.CommandAsync("RSET"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync(Envelope + "BDAT 3 LAST\r\nc"), StringComparison.Ordinal);
        await RepliesAsync(client, 2);

        Assert.Equal("c\r\n", Assert.Single(b1.Messages).Text);
        Assert.Empty(b2.Sessions);
        Assert.Equal(2, b1.Commands.Count(static c => c.StartsWith("BDAT", StringComparison.Ordinal) && !c.Contains("LAST", StringComparison.Ordinal)));
        Assert.Equal(outcome, (await proxy.RecordsAsync(2, Token))[0].Outcome);
    }

    [Theory]
    [InlineData("452 4.3.1 full", TransactionOutcome.Deferred, true)]
    [InlineData("554 5.6.0 no", TransactionOutcome.Rejected, false)]
    public async Task Bdat_LastIsRefused_EndsTheTransactionAndAsksNoOtherServer(string said, TransactionOutcome outcome, bool counts)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(ServerKinds.Rule("<EOD>", said, times: 1)));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], Offer);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendAsync($"{Envelope}BDAT 2 LAST\r\nab{Envelope}BDAT 2 LAST\r\ncd");
        Assert.Equal(["250 2.1.0", "250 2.1.5", said[..9], "250 2.1.0", "250 2.1.5", "250 2.0.0"], await RepliesAsync(client, 6));
        Assert.Equal("cd", Assert.Single(b1.Messages).Text);
        Assert.Empty(b2.Sessions);
        var record = (await proxy.RecordsAsync(2, Token))[0];
        Assert.Equal((outcome, counts), (record.Outcome, Assert.Single(record.Attempts).CountsAgainstSender));
    }

    [Theory]
    [InlineData("354 what?\r\n")]
    [InlineData("25")]
    [InlineData("")]
    public async Task Bdat_NoProperReplyToTheLast_Is451AndNeverSentAgain(string said)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(
            new ServerRule { When = "<EOD>", Reply = said, Accept = true, ThenClose = CloseHow.Fin }));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], Offer);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendAsync(Envelope + "BDAT 2 LAST\r\nab");
        Assert.Equal(["250 2.1.0", "250 2.1.5", "451 4.4.2"], await RepliesAsync(client, 3));
        Assert.StartsWith("250", await client.CommandAsync("NOOP"), StringComparison.Ordinal);
        Assert.Single(b1.Messages);
        Assert.Empty(b2.Sessions);
        var record = Assert.Single(await proxy.RecordsAsync(1, Token));
        Assert.Equal((TransactionOutcome.Lost, TransactionStage.FinalReply), (record.Outcome, record.Stage));
    }

    private static async Task<string[]> RepliesAsync(SmtpClientStub client, int count)
    {
        var replies = new string[count];
        for (var i = 0; i < count; i++)
        {
            replies[i] = (await client.ReplyAsync())[..9];
        }

        return replies;
    }
}
