using System.Net;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Postfix;
using SmtpProxy.TestKit.Processes;
using Xunit;

namespace SmtpProxy.IntegrationTests;

public sealed class PostfixChunkingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bdat_ThroughTheProxy_ArrivesAsItWasSent()
    {
        await using var postfix = await PostfixServer.StartAsync(new PostfixOptions(), Cancellation);
        using var directory = new TempDirectory();
        var (proxy, port) = await StartAsync(directory, postfix);
        await using var running = proxy;
        await using var client = await SmtpClientStub.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), Cancellation);
        await Poll.UntilAsync(
            async () => (await client.CommandAsync("EHLO c")).Contains("CHUNKING", StringComparison.Ordinal), Patience, "CHUNKING", Cancellation);

        await client.SendAsync(
            "MAIL FROM:<a@example.com>\r\nRCPT TO:<r@example.org>\r\nBDAT 29\r\nMessage-ID: <1@test>\r\n\r\n.\r\n..BDAT 7\r\n\r\nRSET\rBDAT 0 LAST\r\n");
        for (var i = 0; i < 5; i++)
        {
            Assert.StartsWith("250", await client.ReplyAsync(), StringComparison.Ordinal);
        }

        await SendByMailKitAsync(port);
        await postfix.WaitForQueueEmptyAsync(Patience, Cancellation);
        var messages = await postfix.MessagesAsync(Cancellation);
        Assert.Equal(["<1@test>", "<2@test>"], messages.Select(static message => message.MessageId).Order());
        Assert.Contains("\n\n.\n..\nRSET", messages.Single(static message => message.MessageId == "<1@test>").Text, StringComparison.Ordinal);
        Assert.Contains("\n.\nQUIT\n", messages.Single(static message => message.MessageId == "<2@test>").Text, StringComparison.Ordinal);
    }

    private static async Task<(ChildProcess Proxy, int Port)> StartAsync(TempDirectory directory, PostfixServer postfix)
    {
        var config = new HostConfig { Backend = postfix.EndPoint.Port };
        directory.Write("c.json", config.ToString());
        return (await HostProcess.StartReadyAsync(directory.Root, "run", "--config", "c.json"), config.Listen);
    }

    private static async Task SendByMailKitAsync(int port)
    {
        using var dialogue = new MemoryStream();
        using var client = new ChunkingClient(new ProtocolLogger(dialogue, leaveOpen: true));
        await client.ConnectAsync("127.0.0.1", port, SecureSocketOptions.None, Cancellation);
        Assert.True(client.Capabilities.HasFlag(SmtpCapabilities.Chunking));
        using var message = new MimeMessage();
        message.MessageId = "2@test";
        message.From.Add(new MailboxAddress("", "a@example.com"));
        message.To.Add(new MailboxAddress("", "r@example.org"));
        message.Body = new TextPart("plain") { Text = string.Concat(Enumerable.Repeat("a line\r\n", 50_000)) + ".\r\nQUIT\r\n" };
        await client.SendAsync(message, Cancellation);
        await client.DisconnectAsync(quit: true, Cancellation);
        Assert.Contains("C: BDAT ", Encoding.Latin1.GetString(dialogue.ToArray()), StringComparison.Ordinal);
    }

    private sealed class ChunkingClient(IProtocolLogger logger) : SmtpClient(logger)
    {
        protected override bool PreferSendAsBinaryData => true;
    }
}
