using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using SmtpProxy.TestKit.Wire;
using Xunit;

namespace SmtpProxy.FunctionalTests.Sessions;

public class FailoverTests
{
    private const string Text = "Subject: x\r\n\r\nhello\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("^MAIL", "451 try later")]
    [InlineData("^MAIL", "452 4.3.1 queue full")]
    [InlineData("^MAIL", "421 4.3.2 shutting down")]
    [InlineData("^RCPT", "451 4.3.0 cannot now")]
    [InlineData("^RCPT", "452 4.3.1 queue full")]
    [InlineData("^RCPT", "421 4.3.2 shutting down")]
    [InlineData("^DATA", "451 4.3.0 cannot now")]
    [InlineData("^DATA", "421 4.3.2 shutting down")]
    public async Task SendMail_HostDefersBeforeTheBody_GoesToTheNextServer(string when, string reply)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(ServerKinds.Rule(when, reply)));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        await client.SendMailAsync("a@example.com", ["r@example.org"], Text);

        Assert.Empty(b1.Messages);
        Assert.Single(b2.Messages);
        var record = Assert.Single(await proxy.RecordsAsync(1, Token));
        Assert.Equal(TransactionOutcome.Relayed, record.Outcome);
        Assert.Equal("b2", record.Destination);
        Assert.Equal("b2", record.Fallback);
        Assert.Contains(record.Attempts, a => a.Destination == "b1" && a.CountsAgainstSender);
    }

    [Theory]
    [InlineData("^MAIL")]
    [InlineData("^RCPT")]
    [InlineData("^DATA")]
    public async Task SendMail_ServerClosesBeforeTheBody_IsDeliveredOnceElsewhere(string when)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(new ServerRule { When = when, Reply = "", ThenClose = CloseHow.Rst }));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        await client.SendMailAsync("a@example.com", ["r1@example.org", "r2@example.org"], Text);

        Assert.Empty(b1.Messages);
        Assert.Single(b2.Messages);
    }

    [Theory]
    [InlineData("^MAIL", "450 4.7.1 greylisted")]
    [InlineData("^MAIL", "550 5.7.1 no")]
    [InlineData("^RCPT", "450 4.2.0 greylisted")]
    [InlineData("^RCPT", "451 4.7.1 try again in 300 seconds")]
    public async Task Command_RefusedForPolicy_IsRelayedAndCountsForNothing(string when, string reply)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(ServerKinds.Rule(when, reply)));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        var said = await client.CommandAsync("MAIL FROM:<a@example.com>");
        if (when == "^RCPT")
        {
            Assert.StartsWith("250", said, StringComparison.Ordinal);
            said = await client.CommandAsync("RCPT TO:<r@example.org>");
        }

        Assert.Equal(reply + "\r\n", said);
        await client.CommandAsync("QUIT");
        Assert.Empty(b2.Sessions);
        var record = Assert.Single(await proxy.RecordsAsync(1, Token));
        Assert.DoesNotContain(record.Attempts, a => a.CountsAgainstSender);
    }

    [Fact]
    public async Task Recipient_ServerLostAfterOthersWereAccepted_ReplaysTheAcceptedOnesOnly()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(
            ServerKinds.Rule("^RCPT TO:<bad", "550 5.1.1 unknown"),
            new ServerRule { When = "^RCPT TO:<r3", Reply = "", ThenClose = CloseHow.Rst }));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        await client.CommandAsync("MAIL FROM:<a@example.com>");
        await client.CommandAsync("RCPT TO:<r1@example.org>");
        Assert.StartsWith("550", await client.CommandAsync("RCPT TO:<bad@example.org>"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("RCPT TO:<r3@example.org>"), StringComparison.Ordinal);
        Assert.StartsWith("354", await client.CommandAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync(Text + "."), StringComparison.Ordinal);

        Assert.Equal(["RCPT TO:<r1@example.org>\r\n", "RCPT TO:<r3@example.org>\r\n"], b2.Commands.Where(c => c.StartsWith("RCPT", StringComparison.Ordinal)));
        Assert.Single(b2.Messages);
        Assert.Empty(b1.Messages);
    }

    [Fact]
    public async Task Recipient_ReplayDisagrees_EndsTheTransactionWith451AndTheSessionGoesOn()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(
            new ServerRule { When = "^RCPT TO:<r2", Reply = "", ThenClose = CloseHow.Rst }) with
        { Conn = 1 }, ServerKinds.Refusing() with { Conn = 2 });
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good(ServerKinds.Rule("^RCPT TO:<r1", "550 5.1.1 unknown here")));
        await using var proxy = await ProxyHarness.StartAsync([b1, b2]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        await client.CommandAsync("MAIL FROM:<a@example.com>");
        await client.CommandAsync("RCPT TO:<r1@example.org>");
        Assert.StartsWith("451 4.3.0", await client.CommandAsync("RCPT TO:<r2@example.org>"), StringComparison.Ordinal);
        Assert.StartsWith("451 4.3.0", await client.CommandAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("RSET"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("NOOP"), StringComparison.Ordinal);
        Assert.Empty(b2.Messages);
    }

    [Fact]
    public async Task Mail_EveryServerDefers_GetsTheLastRefusalNeverA5xx()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(ServerKinds.Rule("^MAIL", "452 4.3.1 first is full")));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good(ServerKinds.Rule("^MAIL", "421 4.3.2 second goes")));
        await using var proxy = await ProxyHarness.StartAsync([b1, b2]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.Equal("451 4.3.2 second goes\r\n", await client.CommandAsync("MAIL FROM:<a@example.com>"));
        Assert.StartsWith("503", await client.CommandAsync("RCPT TO:<r@example.org>"), StringComparison.Ordinal);
        Assert.Equal(TransactionOutcome.Deferred, Assert.Single(await proxy.RecordsAsync(1, Token)).Outcome);
    }

    [Fact]
    public async Task Mail_MoreServersThanMaxAttempts_StopsAtTheLimit()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Refusing());
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Refusing());
        await using var b3 = ScriptedServer.Start("b3", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2, b3], cluster: """{ "Connection": { "MaxAttempts": 2 } }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.StartsWith("451 4.3.2", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
        Assert.Empty(b3.Sessions);
    }

    [Fact]
    public async Task SendMail_ThreeFailuresInARow_MoveTheEntryAndAvoidTheOldServer()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good(ServerKinds.Rule("^MAIL", "452 4.3.1 full")));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        for (var i = 0; i < 3; i++)
        {
            await client.SendMailAsync("a@example.com", ["r@example.org"], Text);
        }

        var key = new SenderKey("a@example.com");
        await Poll.UntilAsync(
            () => proxy.Runtime.Affinity.TryGet("pool", key, out AffinityEntry? entry) && entry.Destination == "b2",
            TimeSpan.FromSeconds(10), "the entry to move", Token);
        Assert.True(proxy.Runtime.Affinity.TryGet("pool", key, out AffinityEntry? moved));
        Assert.Equal(AffinityReason.Rerouted, moved.Reason);
        Assert.Equal("b1", moved.AvoidedDestination);
        var before = b1.Commands.Count(c => c.StartsWith("MAIL", StringComparison.Ordinal));
        await client.SendMailAsync("a@example.com", ["r@example.org"], Text);
        Assert.Equal(before, b1.Commands.Count(c => c.StartsWith("MAIL", StringComparison.Ordinal)));
        Assert.Equal(4, b2.Messages.Count);
    }

    [Fact]
    public async Task SendMail_SenderBoundByPolicy_IsDeferredInsteadOfMoved()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Refusing());
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], cluster: """{ "SessionAffinity": { "FailurePolicy": "Return451" } }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.StartsWith("451 4.3.2", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
        Assert.Empty(b2.Sessions);
    }

    [Fact]
    public async Task SendMail_ServerLostInTheBody_Is451AndNothingIsDelivered()
    {
        await using var b1 = ScriptedServer.Start("b1", new ServerEntry
        {
            Script =
            [
                new ScriptStep { Send = "220 b1\r\n" }, new ScriptStep { Expect = "^EHLO [^\r\n]+\r\n" }, new ScriptStep { Send = "250-b1\r\n250 PIPELINING\r\n" },
                new ScriptStep { Expect = "^MAIL [^\r\n]+\r\n" }, new ScriptStep { Send = "250 ok\r\n" },
                new ScriptStep { Expect = "^RCPT [^\r\n]+\r\n" }, new ScriptStep { Send = "250 ok\r\n" },
                new ScriptStep { Expect = "^DATA\r\n" }, new ScriptStep { Send = "354 go\r\n" },
                new ScriptStep { Expect = "half\r\n" }, new ScriptStep { Close = CloseHow.Rst },
            ],
        });
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        await client.CommandAsync("MAIL FROM:<a@example.com>");
        await client.CommandAsync("RCPT TO:<r@example.org>");
        await client.CommandAsync("DATA");
        await client.SendAsync("half\r\n");
        await Poll.UntilAsync(() => b1.Sessions is [{ IsEstablished: false }], TimeSpan.FromSeconds(10), "the server to go", Token);
        await client.SendAsync(string.Concat(Enumerable.Repeat("more text\r\n", 2000)));
        Assert.StartsWith("451 4.4.2", await client.CommandAsync("more\r\n."), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("NOOP"), StringComparison.Ordinal);
        Assert.Empty(b2.Messages);
    }
}
