using System.Text;
using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.FunctionalTests.Sessions;

public class AuthTests
{
    private const string Text = "Subject: 1\r\n\r\nx\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{ }""", "502 5.5.1")]
    [InlineData("""{ "Auth": { "Mode": "Off", "AllowWithoutTls": true }, "Capabilities": ["AUTH PLAIN"] }""", "502 5.5.1")]
    [InlineData("""{ "Auth": { "Mode": "Relay" }, "Capabilities": ["AUTH PLAIN"] }""", "538 5.7.11")]
    public async Task Auth_NotAllowedInClear_IsRefusedAndNotOffered(string listener, string expected)
    {
        await using var b1 = AuthServers.Start("b1");
        await using var proxy = await ProxyHarness.StartAsync([b1], listener);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.DoesNotContain("AUTH", await client.CommandAsync("EHLO c"), StringComparison.Ordinal);
        Assert.StartsWith(expected, await client.CommandAsync("AUTH PLAIN " + AuthServers.Plain), StringComparison.Ordinal);
        Assert.StartsWith("250", await client.CommandAsync("NOOP"), StringComparison.Ordinal);
        Assert.Empty(b1.Sessions);
    }

    [Fact]
    public async Task Auth_RepliesOfServers_AreCounted()
    {
        await using var b1 = AuthServers.Start("b1");
        await using var proxy = await ProxyHarness.StartAsync([b1], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.StartsWith("535", await client.CommandAsync("AUTH PLAIN " + AuthServers.Wrong), StringComparison.Ordinal);
        Assert.StartsWith("334", await client.CommandAsync("AUTH X-TALK"), StringComparison.Ordinal);
        Assert.StartsWith("501", await client.CommandAsync("*"), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.CommandAsync("AUTH PLAIN " + AuthServers.Plain), StringComparison.Ordinal);

        using var text = new MemoryStream();
        await proxy.Registry.CollectAndExportAsTextAsync(text, Token);
        var counted = Encoding.UTF8.GetString(text.ToArray()).Split('\n')
            .Where(static line => line.StartsWith("smtpproxy_replies_total{destination=\"b1\",stage=\"auth\"", StringComparison.Ordinal))
            .Select(static line => line.Split("code=\"")[1][..3] + line[line.IndexOf('}', StringComparison.Ordinal)..]);
        Assert.Equal(["235} 1", "334} 1", "501} 1", "535} 1"], counted.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Ehlo_ServersDifferInTheirMechanisms_OffersWhatAllHave()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.With(["AUTH GSSAPI PLAIN login EXTERNAL", "AUTH=LOGIN CRAM-MD5"]));
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.With(["AUTH=LOGIN", "AUTH EXTERNAL PLAIN SCRAM-SHA-256-PLUS CRAM-MD5"]));
        await using var proxy = await ProxyHarness.StartAsync(
            [b1, b2], """{ "Capabilities": null, "Auth": { "Mode": "Relay", "AllowWithoutTls": true } }""");
        await Poll.UntilAsync(
            () => proxy.Runtime.Current.Clusters["pool"].Model.Destinations.All(static d => d.Capabilities is not null),
            TimeSpan.FromSeconds(10), "the servers to be known", Token);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.Contains("250-AUTH PLAIN LOGIN CRAM-MD5\r\n", await client.CommandAsync("EHLO c"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AUTH PLAIN AHUxAHAx")]
    [InlineData("auth plain\tAHUxAHAx|501")]
    [InlineData("auth Plain  AHUxAHAx ")]
    [InlineData("AUTH PLAIN|334 |AHUxAHAx")]
    [InlineData("AUTH LOGIN|334 VXNlcm5hbWU6|dTE=|334 UGFzc3dvcmQ6|cDE=")]
    [InlineData("AUTH LOGIN dTE=|334 UGFzc3dvcmQ6|cDE=")]
    [InlineData("AUTH X-TALK|334 Zmlyc3Q=|QUIT|334 c2Vjb25k|DATA|334 dGhpcmQ=|RSET")]
    [InlineData("AUTH X-TALK b2s=|334 c2Vjb25k|QUIT|334 dGhpcmQ=|DATA")]
    public async Task Auth_EachFormOfEachMechanism_BindsTheSession(string dialogue)
    {
        await using var b1 = AuthServers.Start("b1");
        await using var proxy = await ProxyHarness.StartAsync([b1], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        var steps = dialogue.Split('|');
        for (var i = 0; i < steps.Length; i += 2)
        {
            var expected = i + 1 < steps.Length ? steps[i + 1] : "235 2.7.0 Ok";
            Assert.StartsWith(expected, await client.CommandAsync(steps[i]), StringComparison.Ordinal);
            if (expected == "501")
            {
                return;
            }
        }

        Assert.StartsWith("503 5.5.1", await client.CommandAsync("AUTH PLAIN " + AuthServers.Plain), StringComparison.Ordinal);
        await client.SendMailAsync("a@example.com", ["r@example.org"], Text);
        Assert.StartsWith("250", await client.CommandAsync("EHLO again"), StringComparison.Ordinal);
        await client.SendMailAsync("b@example.com", ["r@example.org"], Text);

        Assert.All(b1.Messages, static message => Assert.NotNull(message.User));
        Assert.Equal(2, Assert.Single(b1.Sessions).Messages.Count);
        var records = await proxy.RecordsAsync(2, Token);
        Assert.All(records, static record => Assert.Equal(TransactionOutcome.Relayed, record.Outcome));
        Assert.All(records, static record => Assert.NotNull(record.Envelope.Login));
    }

    [Fact]
    public async Task Auth_SessionEnds_ServerIsSaidQuitAndNobodyElseGetsIt()
    {
        await using var b1 = AuthServers.Start("b1");
        await using var proxy = await ProxyHarness.StartAsync([b1], AuthServers.Relay);
        await using (var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token))
        {
            await client.CommandAsync("AUTH PLAIN " + AuthServers.Plain);
            await client.SendMailAsync("a@example.com", ["r@example.org"], Text);
            await client.CommandAsync("QUIT");
        }

        await Poll.UntilAsync(() => b1.Commands.Contains("QUIT\r\n"), TimeSpan.FromSeconds(10), "QUIT", Token);
        await using var other = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        Assert.StartsWith("530 5.7.0", await other.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
        Assert.Equal(2, b1.Sessions.Count);
    }

    [Fact]
    public async Task Auth_Refused_IsRelayedCountsAsErrorAndTheServerSessionIsNotKept()
    {
        await using var b1 = AuthServers.Start("b1");
        await using var b2 = AuthServers.Start("b2");
        await using var proxy = await ProxyHarness.StartAsync(
            [b1, b2], """{ "Auth": { "Mode": "Relay", "AllowWithoutTls": true }, "Limits": { "MaxErrors": 3 } }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        var wrong = "AUTH PLAIN " + AuthServers.Wrong;

        Assert.Equal("535 5.7.8 bad credentials\r\n", await client.CommandAsync(wrong));
        Assert.StartsWith("530 5.7.0", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
        Assert.StartsWith("535", await client.CommandAsync(wrong), StringComparison.Ordinal);
        Assert.StartsWith("535", await client.CommandAsync(wrong), StringComparison.Ordinal);
        Assert.StartsWith("421 4.7.0", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Empty(b2.Sessions);
        Assert.Contains("smtpproxy_auth_total{listener=\"mx\",result=\"rejected\"} 3", await MetricsAsync(proxy), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auth_MoreBehindItInTheSameWrite_IsRunOnlyWhenTheExchangeHasEnded()
    {
        await using var b1 = AuthServers.Start("b1");
        await using var proxy = await ProxyHarness.StartAsync([b1], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        await client.SendAsync("AUTH LOGIN\r\ndTE=\r\ncDE=\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<r@example.org>\r\nRSET\r\nNOOP\r\n");

        Assert.Equal("334 VXNlcm5hbWU6\r\n", await client.ReplyAsync());
        Assert.Equal("334 UGFzc3dvcmQ6\r\n", await client.ReplyAsync());
        foreach (var expected in new[] { "235 2.7.0", "250 2.1.0", "250 2.1.5", "250 2.0.0", "250 2.0.0" })
        {
            Assert.StartsWith(expected, await client.ReplyAsync(), StringComparison.Ordinal);
        }

        // What was abandoned is taken back before the next transaction.
        await client.SendMailAsync("b@example.com", ["r@example.org"], Text);
        Assert.Contains("RSET\r\n", b1.Commands);
        Assert.Single(b1.Sessions);
    }

    [Theory]
    [InlineData("AUTH PLAIN|*", "501 5.7.0")]
    [InlineData("AUTH LOGIN|dTE=|*", "501 5.7.0 cancelled\r\n")]
    [InlineData("AUTH X-TALK|*", "501 5.7.0 cancelled\r\n")]
    [InlineData("AUTH X-TALK|a*b=", "501 5.5.2")]
    [InlineData("AUTH X-TALK|QUI\nT", "501 5.5.2")]
    [InlineData("AUTH LOGIN|NOOP\0", "501 5.5.2")]
    [InlineData("AUTH PLAIN AHUxAHA", "501 5.5.2")]
    [InlineData("AUTH PLAIN AHUx\rAHAx", "500 5.5.2")]
    [InlineData("AUTH =", "501 5.5.4")]
    [InlineData("AUTH", "501 5.5.4")]
    [InlineData("AUTH EXTERNAL =", "504 5.5.4")]
    [InlineData("AUTH SCRAM-SHA-1-PLUS", "504 5.5.4")]
    [InlineData("AUTH CRAM-MD5", "504 5.5.4")]
    public async Task Auth_CancelledOrMalformed_IsAnsweredOnceAndTheSessionGoesOn(string dialogue, string expected)
    {
        await using var b1 = AuthServers.Start("b1");
        await using var proxy = await ProxyHarness.StartAsync([b1], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        var reply = "";
        foreach (var line in dialogue.Split('|'))
        {
            reply = await client.CommandAsync(line);
        }

        Assert.StartsWith(expected, reply, StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0", await client.CommandAsync("NOOP"), StringComparison.Ordinal);
        Assert.StartsWith("235", await client.CommandAsync("AUTH PLAIN " + AuthServers.Plain), StringComparison.Ordinal);
        Assert.DoesNotContain(b1.Commands, static command => command.Contains("QUI\nT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 12_284, "235")]
    [InlineData("", 12_288, "500 5.5.6")]
    [InlineData("AUTH PLAIN ", 12_272, "535")]
    [InlineData("AUTH PLAIN ", 12_280, "500 5.5.6")]
    public async Task Auth_LineOfMoreThanTheLimit_IsRefusedAndSkipped(string before, int length, string expected)
    {
        var response = Convert.ToBase64String(Encoding.ASCII.GetBytes("\0u1\0" + new string('p', (length / 4 * 3) - 4)));
        await using var b1 = ScriptedServer.Start("b1", AuthServers.Entry() with
        {
            Auth = new Dictionary<string, string> { [before.Length == 0 ? response : ""] = "u1" },
        });
        await using var proxy = await ProxyHarness.StartAsync([b1], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        if (before.Length == 0)
        {
            await client.CommandAsync("AUTH PLAIN");
        }

        Assert.StartsWith(expected, await client.CommandAsync(before + response), StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0", await client.CommandAsync("NOOP"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AUTH PLAIN AHUxAHAx", "503 5.5.1", "MAIL FROM:<a@example.com>", "AUTH PLAIN AHUxAHAx")]
    [InlineData("503 5.5.1", "503 5.5.1", "HELO c", "AUTH PLAIN AHUxAHAx")]
    public async Task Auth_AtTheWrongTime_IsRefused(string first, string expected, string second, string third)
    {
        await using var b1 = AuthServers.Start("b1");
        await using var proxy = await ProxyHarness.StartAsync([b1], AuthServers.Relay);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        if (first.StartsWith("AUTH", StringComparison.Ordinal))
        {
            await client.CommandAsync(first);
        }

        Assert.StartsWith("250", await client.CommandAsync(second), StringComparison.Ordinal);
        Assert.StartsWith(expected, await client.CommandAsync(third), StringComparison.Ordinal);
    }

    private static async Task<string> MetricsAsync(ProxyHarness proxy)
    {
        using var text = new MemoryStream();
        await proxy.Registry.CollectAndExportAsTextAsync(text, Token);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
