using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using SmtpProxy.TestKit.Wire;
using Xunit;

namespace SmtpProxy.FunctionalTests.Sessions;

public class BdatFaultTests
{
    private const string Offer = """{ "Capabilities": ["CHUNKING", "BINARYMIME"] }""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bdat_ServerLostInsideAChunk_Is451AfterTheOctetsWereSwallowed()
    {
        await using var b1 = ScriptedServer.Start("b1", new ServerEntry
        {
            Script =
            [
                new ScriptStep { Send = "220 b1\r\n" }, new ScriptStep { Expect = "^EHLO [^\r\n]+\r\n" },
                new ScriptStep { Send = "250-b1\r\n250-PIPELINING\r\n250 CHUNKING\r\n" },
                new ScriptStep { Expect = "^MAIL [^\r\n]+\r\n" }, new ScriptStep { Send = "250 ok\r\n" },
                new ScriptStep { Expect = "^RCPT [^\r\n]+\r\n" }, new ScriptStep { Send = "250 ok\r\n" },
                new ScriptStep { Expect = "half" }, new ScriptStep { Close = CloseHow.Rst },
            ],
        });
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], Offer);
        await using var client = await OpenAsync(proxy);
        await client.SendAsync("BDAT 400000\r\nhalf");
        await Poll.UntilAsync(() => b1.Sessions is [{ IsEstablished: false }], TimeSpan.FromSeconds(10), "the server to go", Token);
        await client.SendAsync(string.Concat(Enumerable.Repeat("RSET\r\n", 66_666)));
        Assert.StartsWith("451 4.4.2", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("503 5.5.1", await client.CommandAsync("BDAT 6 LAST\r\nRSET"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("RSET"), StringComparison.Ordinal);
        Assert.Empty(b2.Sessions);
        var record = Assert.Single(await proxy.RecordsAsync(1, Token));
        Assert.Equal((TransactionOutcome.Deferred, 451), (record.Outcome, record.Code));
        Assert.True(Assert.Single(record.Attempts).CountsAgainstSender);
    }

    [Fact]
    public async Task Bdat_ClientGoneBetweenOctets_DropsTheServerWithoutAWord()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], Offer);
        await using (var client = await OpenAsync(proxy))
        {
            await client.SendAsync("BDAT 10 LAST\r\nhalf");
            await Poll.UntilAsync(
                () => b1.Sessions[0].Raw.AsSpan().IndexOf("half"u8) >= 0, TimeSpan.FromSeconds(10), "the octets at the server", Token);
        }

        var record = Assert.Single(await proxy.RecordsAsync(1, Token));
        Assert.Equal((TransactionOutcome.Aborted, 4L), (record.Outcome, record.Bytes));
        await Poll.UntilAsync(() => b1.Sessions is [{ IsEstablished: false }], TimeSpan.FromSeconds(10), "the session to be dropped", Token);
        Assert.EndsWith("BDAT 10 LAST\r\nhalf", Octets.TextOf(b1.Sessions[0].Raw), StringComparison.Ordinal);
        Assert.Empty(b1.Messages);
    }

    [Fact]
    public async Task Bdat_ClientSilentInsideAChunk_Is421AndNothingIsCompleted()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync(
            [b1], """{ "Capabilities": ["CHUNKING"], "BodyTimeout": "1s" }""");
        await using var client = await OpenAsync(proxy);
        Assert.StartsWith("421 4.4.2", await client.CommandAsync("BDAT 100 LAST\r\nhalf"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(client.ReplyAsync);
        Assert.Empty(b1.Messages);
    }

    [Theory]
    [InlineData("250 2.1.5 ok\r\n", true)]
    [InlineData("250 2.1.5 ok\r\n250 2.0.0 nobody asked\r\n", false)]
    public async Task Bdat_ServerUnfitSinceTheRecipient_IsReplayedOnAFreshConnection(string reply, bool closes)
    {
        await using var b1 = ScriptedServer.Start(
            "b1", ServerKinds.Good(new ServerRule { When = "^RCPT", Reply = reply, ThenClose = closes ? CloseHow.Fin : null, Times = 1 }));
        await using var proxy = await ProxyHarness.StartAsync([b1], Offer);
        await using var client = await OpenAsync(proxy);
        await Poll.UntilAsync(() => !closes || b1.Sessions is [{ IsEstablished: false }], TimeSpan.FromSeconds(10), "the server to go", Token);
        Assert.StartsWith("250 2.0.0 Ok: queued", await client.CommandAsync("BDAT 2 LAST\r\n"), StringComparison.Ordinal);
        Assert.Equal(2, b1.Sessions.Count);
        Assert.Single(b1.Messages);
    }

    [Fact]
    public async Task Bdat_SurplusReplyBetweenChunks_NeverAnswersTheNextOne()
    {
        await using var b1 = ScriptedServer.Start(
            "b1", ServerKinds.Good(new ServerRule { When = "^BDAT 2\r", Reply = "250 2.0.0 ok\r\n250 2.0.0 surplus\r\n" }));
        await using var proxy = await ProxyHarness.StartAsync([b1], Offer);
        await using var client = await OpenAsync(proxy);
        Assert.Equal("250 2.0.0 ok\r\n", await client.CommandAsync("BDAT 2\r\n"));
        Assert.StartsWith("451 4.4.2", await client.CommandAsync("BDAT 2 LAST\r\n"), StringComparison.Ordinal);
        Assert.Empty(b1.Messages);
    }

    [Fact]
    public async Task Bdat_ServerWithoutChunking_Is502AndTheServerSeesNoneOfIt()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.With(["PIPELINING", "8BITMIME"]));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], Offer);
        await using var client = await OpenAsync(proxy);
        Assert.StartsWith("502 5.5.1", await client.CommandAsync("BDAT 8\r\nRSET\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("503 5.5.1", await client.CommandAsync("BDAT 8 LAST\r\nQUIT\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("RSET"), StringComparison.Ordinal);
        await client.SendMailAsync("a@example.com", ["r@example.org"], "whole\r\n");
        Assert.Equal("whole\r\n", Assert.Single(b1.Messages).Text);
        Assert.DoesNotContain(b1.Commands, static c => c.StartsWith("BDAT", StringComparison.Ordinal));
        Assert.Empty(b2.Sessions);
        Assert.Equal((TransactionOutcome.Rejected, 502), ((await proxy.RecordsAsync(2, Token))[0].Outcome, proxy.Records[0].Code));
    }

    [Fact]
    public async Task BinaryMime_NotAllServersHaveIt_GoesToTheOneThatHasAndOnlyByBdat()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.With(["PIPELINING", "BINARYMIME"]));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.With(["PIPELINING", "BINARYMIME", "CHUNKING"]));
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], Offer);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.StartsWith("250", await client.CommandAsync("MAIL FROM:<a@example.com> BODY=BINARYMIME"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("RCPT TO:<r@example.org>"), StringComparison.Ordinal);
        Assert.StartsWith("503 5.5.1", await client.CommandAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("BDAT 5 LAST\r\n\0\r\u00FF"), StringComparison.Ordinal);
        Assert.Equal("\0\r\u00FF\r\n", Assert.Single(b2.Messages).Text);
        Assert.Contains("MAIL FROM:<a@example.com> BODY=BINARYMIME\r\n", b2.Commands);
        Assert.DoesNotContain(b1.Commands, static c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BinaryMime_NoServerHasItWithChunking_Is555()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.With(["PIPELINING", "BINARYMIME"]));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.With(["PIPELINING", "CHUNKING"]));
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], Offer);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.StartsWith("555 5.5.4", await client.CommandAsync("MAIL FROM:<a@example.com> BODY=BINARYMIME"), StringComparison.Ordinal);
        Assert.DoesNotContain(b1.Commands, static c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    private static async Task<SmtpClientStub> OpenAsync(ProxyHarness proxy)
    {
        var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.StartsWith("250", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("RCPT TO:<r@example.org>"), StringComparison.Ordinal);
        return client;
    }
}
