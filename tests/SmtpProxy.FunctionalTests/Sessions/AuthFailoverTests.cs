using SmtpProxy.Affinity;
using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using SmtpProxy.TestKit.Wire;
using Xunit;

namespace SmtpProxy.FunctionalTests.Sessions;

public class AuthFailoverTests
{
    private const string Text = "Subject: 1\r\n\r\nx\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("454 4.7.0 no password server", null)]
    [InlineData("421 4.3.2 closing", CloseHow.Fin)]
    [InlineData("", CloseHow.Rst)]
    public async Task Auth_ServerCannotSay_TheNextOneIsToldTheSame(string reply, CloseHow? close)
    {
        var rule = ServerKinds.Rule("^AUTH", reply, close) with { Reply = reply.Length == 0 ? "" : reply + "\r\n" };
        await using var b1 = AuthServers.Start("b1", rule);
        await using var b2 = AuthServers.Start("b2");
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.StartsWith("235", await client.CommandAsync("AUTH PLAIN " + AuthServers.Plain), StringComparison.Ordinal);
        await client.SendMailAsync("a@example.com", ["r@example.org"], Text);
        await client.SendMailAsync("a@example.com", ["r@example.org"], Text);

        Assert.Equal(2, b2.Messages.Count);
        var records = await proxy.RecordsAsync(2, Token);
        Assert.Equal((2, 1), (records[0].Attempts.Count, records[1].Attempts.Count));
        Assert.Equal(("b1", TransactionStage.Auth, true), (records[0].Attempts[0].Destination, records[0].Attempts[0].Stage, records[0].Attempts[0].CountsAgainstSender));
        Assert.Equal("u1", records[0].Key.Value);
        Assert.Equal("b2", records[0].Fallback);
    }

    [Fact]
    public async Task Auth_FirstServerIsDown_LoginMovesOnWithAllItsSteps()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Refusing());
        await using var b2 = AuthServers.Start("b2");
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.StartsWith("334", await client.CommandAsync("AUTH LOGIN"), StringComparison.Ordinal);
        Assert.StartsWith("334", await client.CommandAsync(AuthServers.User), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.CommandAsync(AuthServers.Password), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auth_ServerCannotSayAfterThePassword_TheNextOneIsToldBoth()
    {
        await using var b1 = ScriptedServer.Start("b1", new ServerEntry
        {
            Script =
            [
                new ScriptStep { Send = "220 b1 ESMTP\\r\\n" }, new ScriptStep { Expect = "^EHLO [^\r\n]+\r\n" },
                new ScriptStep { Send = "250-b1\\r\\n250 AUTH LOGIN\\r\\n" }, new ScriptStep { Expect = "^AUTH LOGIN\\r\\n" },
                new ScriptStep { Send = "334 VXNlcm5hbWU6\\r\\n" }, new ScriptStep { Expect = "^dTE=\r\n" },
                new ScriptStep { Send = "334 UGFzc3dvcmQ6\\r\\n" }, new ScriptStep { Expect = "^cDE=\r\n" },
                new ScriptStep { Send = "454 4.7.0 later\\r\\n" },
            ],
        });
        await using var b2 = AuthServers.Start("b2");
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        await client.CommandAsync("AUTH LOGIN");
        Assert.StartsWith("334", await client.CommandAsync(AuthServers.User), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.CommandAsync(AuthServers.Password), StringComparison.Ordinal);
        await client.SendMailAsync("a@example.com", ["r@example.org"], Text);
        Assert.Equal("u1", Assert.Single(b2.Messages).User);
    }

    [Fact]
    public async Task Auth_NoServerCanSay_TheLastReplyIsRelayedAndTheClientMayTryAgain()
    {
        await using var b1 = AuthServers.Start("b1", ServerKinds.Rule("^AUTH", "454 4.7.0 down", times: 1));
        await using var proxy = await ProxyHarness.StartAsync([b1], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.Equal("454 4.7.0 down\r\n", await client.CommandAsync("AUTH PLAIN " + AuthServers.Plain));
        Assert.StartsWith("235", await client.CommandAsync("AUTH PLAIN " + AuthServers.Plain), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auth_NobodyListens_IsATemporaryFailure()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Refusing());
        await using var proxy = await ProxyHarness.StartAsync([b1], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.StartsWith("454 4.7.0", await client.CommandAsync("AUTH PLAIN " + AuthServers.Plain), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auth_UserHasAnEntry_GoesWhereItPointsAndSendersChangeNothing()
    {
        await using var b1 = AuthServers.Start("b1");
        await using var b2 = AuthServers.Start("b2");
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], AuthServers.Relay, """{ "SessionAffinity": { "Policy": "AuthenticatedUser" } }""");
        await proxy.Store.TryAssignAsync(new AffinityKey("pool", "u1"), Entry("b2"), Token);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("AUTH PLAIN " + AuthServers.Plain);
        await client.SendMailAsync("x@example.com", ["r@example.org"], Text);

        Assert.Equal("u1", Assert.Single(b2.Messages).User);
        var record = Assert.Single(await proxy.RecordsAsync(1, Token));
        Assert.Equal(("u1", AffinityUse.Hit, "b2"), (record.Key.Value, record.Affinity, record.Entry?.Destination));
        Assert.Null(await proxy.Store.GetAsync(new AffinityKey("pool", "x@example.com"), Token));
    }

    [Theory]
    [InlineData("^RSET", "421 4.3.2 closing")]
    [InlineData("^MAIL FROM:<b@", "421 4.3.2 closing")]
    [InlineData("^RCPT TO:<b@", "421 4.3.2 closing")]
    public async Task Bound_ServerIsLost_ClientIsSentToLogInAgain(string when, string reply)
    {
        await using var b1 = AuthServers.Start("b1", ServerKinds.Rule(when, reply, CloseHow.Fin));
        await using var b2 = AuthServers.Start("b2");
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("AUTH PLAIN " + AuthServers.Plain);
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        await client.CommandAsync("RSET");
        await client.SendAsync("MAIL FROM:<b@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");

        var last = await client.ReplyAsync();
        last = last.StartsWith("250", StringComparison.Ordinal) ? await client.ReplyAsync() : last;
        Assert.StartsWith("421 4.3.2 The mail server you had logged in to was lost", last, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(client.ReplyAsync);
        Assert.Empty(b2.Sessions);
        Assert.Equal(TransactionOutcome.Deferred, (await proxy.RecordsAsync(2, Token))[1].Outcome);
    }

    [Fact]
    public async Task Bound_ServerClosesWhileIdle_NextMailIsAnswered421()
    {
        await using var b1 = ScriptedServer.Start("b1", AuthServers.Entry() with { IdleAfterMessageMs = 1, IdleSend = "421 4.4.2 idle\\r\\n" });
        await using var proxy = await ProxyHarness.StartAsync([b1], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("AUTH PLAIN " + AuthServers.Plain);
        await client.SendMailAsync("a@example.com", ["r@example.org"], Text);
        await Poll.UntilAsync(() => !b1.Sessions[0].IsEstablished, TimeSpan.FromSeconds(10), "the server to close", Token);

        Assert.StartsWith("421 4.3.2", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bound_TemporaryRefusalOfMail_IsRelayedAndTheLoginStays()
    {
        await using var b1 = AuthServers.Start("b1", ServerKinds.Rule("^MAIL", "452 4.3.1 disk full", times: 1));
        await using var b2 = AuthServers.Start("b2");
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("AUTH PLAIN " + AuthServers.Plain);

        Assert.Equal("452 4.3.1 disk full\r\n", await client.CommandAsync("MAIL FROM:<a@example.com>"));
        await client.SendMailAsync("a@example.com", ["r@example.org"], Text);
        Assert.Equal("u1", Assert.Single(b1.Messages).User);
        Assert.Empty(b2.Sessions);
    }

    [Fact]
    public async Task Auth_ClientLeavesInTheMiddle_ServerGetsNothingThatLooksLikeAnAnswer()
    {
        await using var b1 = AuthServers.Start("b1");
        await using var proxy = await ProxyHarness.StartAsync([b1], AuthServers.Relay);
        await using (var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token))
        {
            Assert.StartsWith("334", await client.CommandAsync("AUTH X-TALK"), StringComparison.Ordinal);
        }

        await Poll.UntilAsync(() => !b1.Sessions[0].IsEstablished, TimeSpan.FromSeconds(10), "the connection to be closed", Token);
        Assert.Equal("AUTH X-TALK\r\n", b1.Commands[^1]);
    }

    private static AffinityEntry Entry(string destination) =>
        new(destination, AffinityReason.Pinned, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, 0);
}
