using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.FunctionalTests.Sessions;

public class LimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{ "Limits": { "MaxConnections": 1 } }""")]
    [InlineData("""{ "Limits": { "MaxConnectionsPerClient": 1 } }""")]
    public async Task Connect_OverALimit_Is421AndTheOthersGoOn(string listener)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], listener);
        await using var first = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => SmtpClientStub.ConnectAsync(proxy.EndPoint, Token));
        Assert.Contains("421 4.7.0", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("250", await first.CommandAsync("NOOP"), StringComparison.Ordinal);
        await first.CommandAsync("QUIT");

        // A session has left before its place is free.
        await Poll.UntilAsync(async () => await IsServedAsync(proxy), TimeSpan.FromSeconds(10), "the first session's place to be free", Token);
    }

    private static async Task<bool> IsServedAsync(ProxyHarness proxy)
    {
        try
        {
            await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
            return (await client.CommandAsync("NOOP")).StartsWith("250", StringComparison.Ordinal);
        }
        catch (Exception e) when (e.Message.Contains("421 4.7.0", StringComparison.Ordinal))
        {
            return false;
        }
    }

    [Fact]
    public async Task Errors_AtTheLimit_Are421AndTheEnd()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "Limits": { "MaxErrors": 3 } }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.StartsWith("502", await client.CommandAsync("FOO"), StringComparison.Ordinal);
        Assert.StartsWith("502", await client.CommandAsync("FOO"), StringComparison.Ordinal);
        Assert.StartsWith("502", await client.CommandAsync("FOO"), StringComparison.Ordinal);
        Assert.StartsWith("421 4.7.0", await client.ReplyAsync(), StringComparison.Ordinal);
        await Poll.UntilAsync(() => proxy.Runtime.Sessions == 0, TimeSpan.FromSeconds(10), "the session to end", Token);
    }

    [Theory]
    [InlineData("FOO\r\n")]
    [InlineData("DATA\r\nx\r\n")]
    [InlineData("BDAT 1\r\nxFOO\r\n")]
    public async Task Errors_AtTheLimitWithMoreBehind_GetOneLastReply(string text)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "Limits": { "MaxErrors": 1 } }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendAsync(text);
        Assert.StartsWith("50", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("421 4.7.0", await client.ReplyAsync(), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(client.ReplyAsync);
    }

    [Fact]
    public async Task Client_SilentBetweenCommands_Is421AndTheServerSessionIsKept()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "CommandTimeout": "300ms" }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        Assert.StartsWith("421 4.4.2", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(TransactionOutcome.Aborted, Assert.Single(await proxy.RecordsAsync(1, Token)).Outcome);
    }

    [Fact]
    public async Task Client_PartOfALineSentWhileAServerIsSlow_StillHasItsTime()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good() with { BannerDelayMs = 3000 });
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "CommandTimeout": "2s" }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendAsync("MAIL FROM:<a@example.com>\r\nRC");
        Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("PT TO:<r@example.org>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_LineThatNeverEnds_HasNoMoreTimeThanASilentOne()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "CommandTimeout": "1s" }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        var reply = client.ReplyAsync();
        for (var sent = 0; !reply.IsCompleted && sent < 400; sent++)
        {
            await client.SendAsync("x");
            await Task.WhenAny(reply, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token));
        }

        Assert.StartsWith("421 4.4.2", await reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_SilentInTheBody_Is421AndNothingIsDelivered()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "BodyTimeout": "300ms" }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        await client.CommandAsync("RCPT TO:<r@example.org>");
        await client.CommandAsync("DATA");
        await client.SendAsync("half");
        Assert.StartsWith("421 4.4.2", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Empty(b1.Messages);
    }

    [Fact]
    public async Task Recipients_OverTheLimit_Are452AndTheTransactionGoesOn()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "Limits": { "MaxRecipients": 2 } }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        await client.CommandAsync("RCPT TO:<r1@example.org>");
        await client.CommandAsync("RCPT TO:<r2@example.org>");
        Assert.StartsWith("452 4.5.3", await client.CommandAsync("RCPT TO:<r3@example.org>"), StringComparison.Ordinal);
        Assert.StartsWith("354", await client.CommandAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("x\r\n."), StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(await proxy.RecordsAsync(1, Token)).AcceptedRecipients);
    }

    [Fact]
    public async Task Pipelined_MoreCommandsThanAGroupMayHold_AreAllAnsweredInOrder()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "Limits": { "MaxPipelinedCommands": 3 } }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendAsync("MAIL FROM:<a@example.com>\r\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"RCPT TO:<r{i}@example.org>\r\n")) + "DATA\r\n");
        for (var i = 0; i < 11; i++)
        {
            Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);
        }

        Assert.StartsWith("354", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("x\r\n."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_BusyClient_EndsAfterTheTransactionThatRuns()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good() with { Delays = new Dictionary<string, int> { ["<EOD>"] = 300 } });
        await using var proxy = await ProxyHarness.StartAsync([b1]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.CommandAsync("MAIL FROM:<a@example.com>");
        await client.CommandAsync("RCPT TO:<r@example.org>");
        await client.CommandAsync("DATA");
        await client.SendAsync("x\r\n.\r\nMAIL FROM:<b@example.com>\r\nRCPT TO:<r@example.org>\r\n");
        var stopping = proxy.Runtime.StopAsync(Token);
        Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("421 4.3.2", await client.ReplyAsync(), StringComparison.Ordinal);
        await stopping;
        Assert.Equal(["MAIL FROM:<a@example.com>\r\n"], b1.Commands.Where(c => c.StartsWith("MAIL", StringComparison.Ordinal)));
    }
}
