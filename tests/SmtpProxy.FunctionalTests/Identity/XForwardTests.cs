using System.Net;
using SmtpProxy.FunctionalTests.Sessions;
using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.FunctionalTests.Identity;

public sealed class XForwardTests
{
    private const string Cluster = """{ "Connection": { "Identity": "XForward" } }""";
    private const string XForward = "XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT";

    private static readonly ServerRule Taken = ServerKinds.Rule("^XFORWARD", "250 2.0.0 Ok");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Mail_TwoClients_ShareASessionAndEachMessageIsToldOf(bool pipelining)
    {
        string[] offers = pipelining ? ["PIPELINING", XForward] : [XForward];
        await using var server = ScriptedServer.Start("b1", ServerKinds.With(offers, Taken));
        await using var proxy = await ProxyHarness.StartAsync([server], cluster: Cluster);

        await SendAsync(proxy, "127.0.0.2", 2);
        await SendAsync(proxy, "127.0.0.3", 1);

        var session = Assert.Single(server.Sessions);
        Assert.Equal(3, session.Messages.Count);
        Assert.Equal(
            ["EHLO", "XFORWARD", "MAIL", "RCPT", "DATA", "XFORWARD", "MAIL", "RCPT", "DATA", "XFORWARD", "MAIL", "RCPT", "DATA"],
            session.Commands.Select(static line => line.TrimEnd().Split(' ')[0]));
        var told = session.Commands.Where(static line => line.StartsWith("XFORWARD", StringComparison.Ordinal)).ToArray();
        const string Rest = @" PORT=\d+ PROTO=ESMTP HELO=client\.example\.com IDENT=\w+\.";
        Assert.Matches($@"^XFORWARD NAME=\[UNAVAILABLE\] ADDR=127\.0\.0\.2{Rest}1 SOURCE=REMOTE\r\n$", told[0]);
        Assert.Matches($@" ADDR=127\.0\.0\.2{Rest}2 ", told[1]);
        Assert.Matches($@" ADDR=127\.0\.0\.3{Rest}1 ", told[2]);
        Assert.Equal(pipelining ? 2 : 1, session.MaxOutstandingCommands);
    }

    [Fact]
    public async Task Mail_Pipelined_EachReplyGoesToItsCommand()
    {
        await using var server = ScriptedServer.Start(
            "b1", ServerKinds.With(["PIPELINING", XForward], Taken, ServerKinds.Rule("^RCPT TO:<bad", "550 5.1.1 nobody")));
        await using var proxy = await ProxyHarness.StartAsync([server], cluster: Cluster);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        await client.SendAsync("MAIL FROM:<a@example.com>\r\nRCPT TO:<bad@example.org>\r\nRCPT TO:<r@example.org>\r\nDATA\r\n");

        Assert.StartsWith("250 2.1.0", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("550 5.1.1", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 2.1.5", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.StartsWith("354", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal(5, server.Sessions[0].MaxOutstandingCommands);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Mail_XForwardRefused_GoesOn(bool pipelining)
    {
        string[] offers = pipelining ? ["PIPELINING", XForward] : [XForward];
        await using var server = ScriptedServer.Start("b1", ServerKinds.With(offers, ServerKinds.Rule("^XFORWARD", "550 5.7.0 not you")));
        await using var proxy = await ProxyHarness.StartAsync([server], cluster: Cluster);

        await SendAsync(proxy, "127.0.0.2", 2);

        Assert.Equal(2, Assert.Single(server.Sessions).Messages.Count);
        await Poll.UntilAsync(
            async () => (await MetricsAsync(proxy)).Contains("smtpproxy_xforward_refused_total{destination=\"b1\"} 2", StringComparison.Ordinal),
            TimeSpan.FromSeconds(10), "two refusals counted", Token);
    }

    [Fact]
    public async Task Mail_XForwardNotOffered_GoesOnWithout()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([server], cluster: Cluster);

        await SendAsync(proxy, "127.0.0.2", 1);

        Assert.Single(server.Messages);
        Assert.DoesNotContain(server.Commands, static line => line.StartsWith("XFORWARD", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "")]
    [InlineData(true, "421 4.3.0 closing\\r\\n")]
    [InlineData(false, "421 4.3.0 closing\\r\\n")]
    public async Task Mail_KeptSessionDiesAtXForward_AFreshOneIsToldToo(bool pipelining, string reply)
    {
        string[] offers = pipelining ? ["PIPELINING", XForward] : [XForward];
        await using var server = ScriptedServer.Start("b1", ServerKinds.With(
            offers, new ServerRule { When = "^XFORWARD", Reply = reply, AfterMessages = 1, Times = 1, ThenClose = TestKit.Wire.CloseHow.Fin }, Taken));
        await using var proxy = await ProxyHarness.StartAsync([server], cluster: Cluster);

        await SendAsync(proxy, "127.0.0.2", 2);

        Assert.Equal(2, server.Sessions.Count);
        Assert.StartsWith("XFORWARD ", server.Sessions[1].Commands[1], StringComparison.Ordinal);
        var record = (await proxy.RecordsAsync(2, Token))[1];
        Assert.Equal([AttemptResult.StaleSession, AttemptResult.Answered], record.Attempts.Select(static attempt => attempt.Result));
    }

    [Fact]
    public async Task Mail_FirstServerFailsAtMail_TheNextIsToldToo()
    {
        await using var bad = ScriptedServer.Start("b1", ServerKinds.With(["PIPELINING", XForward], Taken, ServerKinds.Rule("^MAIL", "421 4.3.2 no")));
        await using var good = ScriptedServer.Start("b2", ServerKinds.With(["PIPELINING", XForward], Taken));
        await using var proxy = await ProxyHarness.StartAsync([bad, good], cluster: Cluster);

        await SendAsync(proxy, "127.0.0.2", 1);

        Assert.Contains(bad.Commands, static line => line.Contains(" ADDR=127.0.0.2 ", StringComparison.Ordinal));
        Assert.Contains(good.Commands, static line => line.Contains(" ADDR=127.0.0.2 ", StringComparison.Ordinal));
        Assert.Single(good.Messages);
    }

    private static async Task<string> MetricsAsync(ProxyHarness proxy)
    {
        using var stream = new MemoryStream();
        await proxy.Registry.CollectAndExportAsTextAsync(stream, Token);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static async Task SendAsync(ProxyHarness proxy, string address, int count)
    {
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token, IPAddress.Parse(address));
        for (var i = 0; i < count; i++)
        {
            await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");
        }

        await client.CommandAsync("QUIT");
    }
}
