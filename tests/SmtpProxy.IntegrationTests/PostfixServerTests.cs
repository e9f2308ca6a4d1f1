using System.Net.Sockets;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Postfix;
using SmtpProxy.TestKit.Processes;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.IntegrationTests;

public class PostfixServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Receive_MessageByRawSocket_ArrivesExactlyOnce()
    {
        await using var postfix = await PostfixServer.StartAsync(new PostfixOptions(), Cancellation);
        await using var client = await SmtpClientStub.ConnectAsync(postfix.EndPoint, Cancellation);

        await client.SendMailAsync("a@example.com", ["r@example.org", "s@example.net"], "Message-ID: <1@test>\r\nSubject: x\r\n\r\n..dot\r\n");
        await postfix.WaitForQueueEmptyAsync(Patience, Cancellation);

        var messages = await postfix.MessagesAsync(Cancellation);
        Assert.Equal(["r@example.org", "s@example.net"], messages.Select(message => message.Recipient).Order());
        Assert.All(messages, message => Assert.Equal("<1@test>", message.MessageId));
        Assert.All(messages, message => Assert.Equal("a@example.com", message.Sender));
        Assert.All(messages, message => Assert.EndsWith("\n\n.dot\n", message.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Receive_MessagesBySmtpSource_ArriveExactlyOnce()
    {
        await using var postfix = await PostfixServer.StartAsync(new PostfixOptions(), Cancellation);

        await ChildProcess.RunAsync(
            "/usr/sbin/smtp-source",
            ["-s", "4", "-m", "20", "-f", "a@example.com", "-t", "r@example.org", postfix.EndPoint.ToString()],
            Cancellation);
        await postfix.WaitForQueueEmptyAsync(Patience, Cancellation);

        var messages = await postfix.MessagesAsync(Cancellation);
        Assert.Equal(20, messages.Count);
        Assert.Equal(20, messages.Select(message => message.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task Start_ThreeInstances_KeepTheirMailApart()
    {
        var postfixes = await Task.WhenAll(Enumerable.Range(1, 3).Select(
            i => PostfixServer.StartAsync(new PostfixOptions { Hostname = $"mta{i}.example.com" }, Cancellation)));
        try
        {
            foreach (var (i, postfix) in postfixes.Index())
            {
                await using var client = await SmtpClientStub.ConnectAsync(postfix.EndPoint, Cancellation);
                await client.SendMailAsync("a@example.com", ["r@example.org"], $"Message-ID: <{i}@test>\r\n\r\nx\r\n");
            }

            foreach (var (i, postfix) in postfixes.Index())
            {
                await postfix.WaitForQueueEmptyAsync(Patience, Cancellation);
                Assert.Equal($"<{i}@test>", Assert.Single(await postfix.MessagesAsync(Cancellation)).MessageId);
            }
        }
        finally
        {
            await Task.WhenAll(postfixes.Select(postfix => postfix.DisposeAsync().AsTask()));
        }
    }

    [Fact]
    public async Task Kill_QueueHasMail_ItIsDeliveredAfterTheNextStart()
    {
        // The message stays in the queue as long as no server listens where it is to go.
        var nobody = FreePorts.NextEndPoint();
        await using var postfix = await PostfixServer.StartAsync(new PostfixOptions { RelayHost = nobody }, Cancellation);
        await using (var client = await SmtpClientStub.ConnectAsync(postfix.EndPoint, Cancellation))
        {
            await client.SendMailAsync("a@example.com", ["r@example.org"], "Message-ID: <1@test>\r\n\r\nx\r\n");
        }

        await postfix.KillAsync(Cancellation);
        await Assert.ThrowsAsync<SocketException>(() => SmtpClientStub.ConnectAsync(postfix.EndPoint, Cancellation));
        Assert.Equal(1, postfix.QueueLength());

        await using var relay = ScriptedServer.Start("relay", nobody);
        await postfix.StartAsync(Cancellation);
        await postfix.WaitForQueueEmptyAsync(Patience, Cancellation);

        Assert.Contains("<1@test>", Assert.Single(relay.Messages).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_RelayHost_GetsTheMessage()
    {
        await using var relay = ScriptedServer.Start("relay");
        await using var postfix = await PostfixServer.StartAsync(new PostfixOptions { RelayHost = relay.EndPoint }, Cancellation);

        await postfix.SubmitAsync("a@example.com", "r@example.org", "Message-ID: <1@test>\nSubject: x\n\n.\nlast\n", Cancellation);
        await postfix.WaitForQueueEmptyAsync(Patience, Cancellation);

        Assert.EndsWith("\r\n\r\n.\r\nlast\r\n", Assert.Single(relay.Messages).Text, StringComparison.Ordinal);
        Assert.Contains(relay.Commands, command => command.StartsWith("MAIL FROM:<a@example.com>", StringComparison.Ordinal));
    }
}
