using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.FunctionalTests.Sessions;

/// <summary>How many writes a group of commands takes towards a server: each has a cost on both sides that no reader of the octets can see.</summary>
public class PipelinedWriteTests
{
    private const string Group = "MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>\r\nDATA\r\n";
    private const int Commands = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, Commands)]
    public async Task Group_TowardsAServer_TakesOneWriteWhereItPipelines(bool pipelines, int writes)
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.With(pipelines ? ["PIPELINING"] : ["8BITMIME"]));
        await using var proxy = await ProxyHarness.StartAsync([server]);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        await SendGroupAsync(client);

        // EHLO is one more.
        var session = Assert.Single(server.Sessions);
        Assert.Equal(1 + writes, session.ReceivedSegments);
        Assert.Equal(1 + Commands, session.Commands.Count);

        // The session is kept: the second group has no connection to wait for.
        Assert.StartsWith("250", await client.CommandAsync("x\r\n."), StringComparison.Ordinal);
        var before = session.ReceivedSegments;
        await SendGroupAsync(client);
        Assert.Equal(before + writes, session.ReceivedSegments);
        Assert.Single(server.Sessions);
    }

    private static async Task SendGroupAsync(SmtpClientStub client)
    {
        await client.SendAsync(Group);
        for (var i = 1; i < Commands; i++)
        {
            Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);
        }

        Assert.StartsWith("354", await client.ReplyAsync(), StringComparison.Ordinal);
    }
}
