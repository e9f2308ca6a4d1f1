using System.Text;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.FunctionalTests.Sessions;

public class LimitMetricTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{ "Limits": { "MaxErrors": 1 } }""", "FOO", "max_errors")]
    [InlineData("""{ "Limits": { "MaxCommandLine": 512 } }""", "NOOP {long}", "max_command_line")]
    [InlineData("""{ "Limits": { "MaxRecipients": 1 } }""", "{mail}RCPT TO:<b@example.org>", "max_recipients")]
    [InlineData("""{ "Limits": { "MaxPipelinedCommands": 2 } }""", "{mail}RCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>", "max_pipelined_commands")]
    [InlineData("""{ "RelayMode": "Session", "Limits": { "MaxSplicedCommands": 1 } }""", "{mail}NOOP\r\nNOOP\r\nNOOP\r\nNOOP", "max_spliced_commands")]
    [InlineData("""{ "CommandTimeout": "200ms" }""", "NOOP", "command_timeout")]
    [InlineData("""{ "BodyTimeout": "200ms" }""", "{mail}DATA", "body_timeout")]
    public async Task Session_AtALimit_CountsIt(string listener, string commands, string limit)
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], listener);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendAsync(Filled(commands) + "\r\n");
        await Poll.UntilAsync(async () => await HitsAsync(proxy, limit) > 0, Patience, limit, Token);
    }

    [Theory]
    [InlineData("""{ "MaxReplyLine": 512 }""", "250 {long}", "server_max_reply")]
    [InlineData("""{ "MaxReplyLines": 8 }""", "250-1\r\n250-2\r\n250-3\r\n250-4\r\n250-5\r\n250-6\r\n250-7\r\n250-8\r\n250 9", "server_max_reply")]
    [InlineData("""{ "MaxReply": 512 }""", "250-{half}\r\n250-{half}\r\n250 c", "server_max_reply")]
    [InlineData("""{ "CommandTimeout": "200ms", "MaxAttempts": 1 }""", "", "server_command_timeout")]
    [InlineData("""{ "CommandTimeout": "200ms", "MaxAttempts": 1 }""", "", "server_max_attempts")]
    public async Task Server_AtALimit_IsGivenUpAndCounted(string connection, string reply, string limit)
    {
        var server = ServerKinds.Good(ServerKinds.Rule("^MAIL", reply.Length > 0 ? Filled(reply) : "250 late"));
        var delays = new Dictionary<string, int>();
        if (reply.Length == 0)
        {
            delays.Add("^MAIL", 30_000);
        }

        await using var b1 = ScriptedServer.Start("b1", server with { Delays = delays });
        await using var b2 = ScriptedServer.Start("b2", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1, b2], cluster: $$"""{ "Connection": {{connection}} }""");
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        var answer = await client.CommandAsync("MAIL FROM:<a@example.com>");
        Assert.StartsWith(connection.Contains("MaxAttempts", StringComparison.Ordinal) ? "451" : "250", answer, StringComparison.Ordinal);
        await client.CommandAsync("RSET");
        await Poll.UntilAsync(async () => await HitsAsync(proxy, limit) > 0, Patience, limit, Token);
    }

    [Fact]
    public async Task Client_OneOctetAtATime_HasNoMoreTimeForALineThanAnyOther()
    {
        await using var b1 = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([b1], """{ "CommandTimeout": "1s" }""");
        await using var slow = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await using var other = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        var answer = slow.ReplyAsync();
        var dripping = Task.Run(
            async () =>
            {
                while (!answer.IsCompleted)
                {
                    await slow.SendAsync("N");
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Token);
                }
            },
            Token);
        Assert.StartsWith("250", await other.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("421 4.4.2", await answer, StringComparison.Ordinal);
        await Record.ExceptionAsync(() => dripping);
    }

    private static string Filled(string text) => text
        .Replace("{long}", new string('x', 600), StringComparison.Ordinal)
        .Replace("{half}", new string('x', 300), StringComparison.Ordinal)
        .Replace("{mail}", "MAIL FROM:<a@example.com>\r\nRCPT TO:<a@example.org>\r\n", StringComparison.Ordinal);

    private static async Task<double> HitsAsync(ProxyHarness proxy, string limit)
    {
        using var text = new MemoryStream();
        await proxy.Registry.CollectAndExportAsTextAsync(text, Token);
        var start = $"smtpproxy_limit_hits_total{{limit=\"{limit}\"}} ";
        var line = Encoding.UTF8.GetString(text.ToArray()).Split('\n').Single(l => l.StartsWith(start, StringComparison.Ordinal));
        return double.Parse(line[start.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
