using System.Net;
using SmtpProxy.FunctionalTests.Sessions;
using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.FunctionalTests.Identity;

public sealed class XClientTests
{
    private const string Cluster = """{ "Connection": { "Identity": "XClient" } }""";

    private static readonly string[] Offers = [.. ServerEntry.StandardCaps, "XCLIENT NAME ADDR PORT PROTO HELO"];
    private static readonly ServerRule Taken = ServerKinds.Rule("^XCLIENT", "220 b1.example.com ESMTP");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mail_TwoClients_EachIsToldOnASessionOfItsOwn()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.With(Offers, Taken));
        await using var proxy = await ProxyHarness.StartAsync([server], cluster: Cluster);

        await SendAsync(proxy, "127.0.0.2");
        await SendAsync(proxy, "127.0.0.3");
        await SendAsync(proxy, "127.0.0.2");

        Assert.Equal(2, server.Sessions.Count);
        Assert.Equal(4, server.Sessions[0].Messages.Count);
        Assert.Equal(2, server.Sessions[1].Messages.Count);
        Assert.All(["127.0.0.2", "127.0.0.3"], (address, i) =>
        {
            Assert.Equal("EHLO proxy.example.com", Lines(server, i)[0]);
            Assert.Matches($@"^XCLIENT NAME=\[UNAVAILABLE\] PROTO=ESMTP HELO=client\.example\.com PORT=\d+ ADDR={address}$", Lines(server, i)[1]);
            Assert.Equal(["EHLO client.example.com", "MAIL FROM:<a@example.com>"], Lines(server, i).Skip(2).Take(2));
        });
    }

    [Fact]
    public async Task Mail_TwoClientsOverOneConnection_TakeTurns()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.With(Offers, Taken));
        await using var proxy = await ProxyHarness.StartAsync(
            [server], cluster: """{ "Connection": { "Identity": "XClient", "MaxConnections": 1 } }""");

        await Task.WhenAll(Enumerable.Range(2, 6).Select(i => SendAsync(proxy, $"127.0.0.{i}", $"from 127.0.0.{i}")));

        Assert.Equal(1, server.MaxConcurrentConnections);
        Assert.Equal(12, server.Messages.Count);
        foreach (var session in server.Sessions)
        {
            var address = session.Commands[1].TrimEnd()[(session.Commands[1].LastIndexOf('=') + 1)..];
            Assert.All(session.Messages, message => Assert.Equal($"from {address}\r\n", message.Text));
        }
    }

    [Fact]
    public async Task Mail_SameAddressOtherName_GetsASessionOfItsOwn()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.With(Offers, Taken));
        await using var proxy = await ProxyHarness.StartAsync([server], cluster: Cluster);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
        await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");
        await client.CommandAsync("EHLO p+41=x.example.com");
        await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");
        await client.CommandAsync("HELO client.example.com");
        await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");

        Assert.Equal(3, server.Sessions.Count);
        Assert.Contains(" HELO=p+2B41+3Dx.example.com ", Lines(server, 1)[1], StringComparison.Ordinal);
        Assert.Equal("EHLO p+41?x.example.com", Lines(server, 1)[2]);
        Assert.Contains(" PROTO=SMTP HELO=client.example.com ", Lines(server, 2)[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("550 5.7.0 insufficient authorization")]
    [InlineData("421 4.3.0 not now")]
    public async Task Mail_XClientRefused_TheNextServerIsAskedAndTold(string reply)
    {
        await using var bad = ScriptedServer.Start("b1", ServerKinds.With(Offers, ServerKinds.Rule("^XCLIENT", reply)));
        await using var good = ScriptedServer.Start("b2", ServerKinds.With(Offers, Taken));
        await using var proxy = await ProxyHarness.StartAsync([bad, good], cluster: Cluster);

        await SendAsync(proxy, "127.0.0.2", count: 1);

        Assert.DoesNotContain(bad.Commands, static line => line.StartsWith("MAIL", StringComparison.Ordinal));
        Assert.Contains(good.Commands, static line => line.EndsWith(" ADDR=127.0.0.2\r\n", StringComparison.Ordinal));
        var attempt = Assert.Single(await proxy.RecordsAsync(1, Token)).Attempts[0];
        Assert.Equal((TransactionStage.Identity, AttemptResult.Refused, true), (attempt.Stage, attempt.Result, attempt.CountsAgainstSender));
    }

    [Fact]
    public async Task Mail_XClientNotOffered_IsDeferred()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using var proxy = await ProxyHarness.StartAsync([server], cluster: Cluster);
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);

        Assert.StartsWith("451 4.3.2 ", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Commands, static line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mail_KeptSessionDied_ItsSuccessorIsToldToo()
    {
        await using var server = ScriptedServer.Start(
            "b1", ServerKinds.With(Offers, Taken, new ServerRule { When = "^MAIL", Reply = "421 4.4.2 idle\\r\\n", AfterMessages = 1, Times = 1 }));
        await using var proxy = await ProxyHarness.StartAsync([server], cluster: Cluster);

        await SendAsync(proxy, "127.0.0.2");

        Assert.Equal(2, server.Sessions.Count);
        Assert.EndsWith(" ADDR=127.0.0.2", Lines(server, 1)[1], StringComparison.Ordinal);
        Assert.Single(server.Sessions[1].Messages);
    }

    private static string[] Lines(ScriptedServer server, int session) =>
        [.. server.Sessions[session].Commands.Select(static line => line.TrimEnd())];

    private static async Task SendAsync(ProxyHarness proxy, string address, string text = "x", int count = 2)
    {
        await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token, IPAddress.Parse(address));
        for (var i = 0; i < count; i++)
        {
            await client.SendMailAsync("a@example.com", ["r@example.org"], $"{text}\r\n");
        }

        await client.CommandAsync("QUIT");
    }
}
