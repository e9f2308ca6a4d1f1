using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.FunctionalTests.Sessions;

public sealed class PoolWarmUpTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MinPoolSize_BeforeTheFirstMail_SessionsAreOpenAndTheDrainEndsThem()
    {
        await using var server = ScriptedServer.Start("b1", ServerKinds.Good());
        await using (var proxy = await ProxyHarness.StartAsync([server], cluster: """{ "Connection": { "MinPoolSize": 2 } }"""))
        {
            await UntilAsync(() => server.Commands.Count == 2, "two are open");
            Assert.All(server.Commands, static command => Assert.Equal("EHLO proxy.example.com\r\n", command));

            await using var client = await SmtpClientStub.ConnectAsync(proxy.EndPoint, Token);
            await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n");
            Assert.Single(server.Messages);
            Assert.Equal(2, server.Sessions.Count);
        }

        await UntilAsync(() => server.Commands.Count(static command => command == "QUIT\r\n") == 2, "both are ended");
    }

    [Fact]
    public async Task MinPoolSize_ServerComesBack_SessionsAreOpenedThen()
    {
        var endPoint = FreePorts.NextEndPoint();
        await using var proxy = await ProxyHarness.StartAsync(
            [], cluster: $$"""{ "Connection": { "MinPoolSize": 1 }, "Destinations": { "b1": { "Address": "{{endPoint}}" } } }""");
        await using var server = ScriptedServer.Start("b1", endPoint, ServerKinds.Good());

        await UntilAsync(() => server.Commands.Count == 1, "one is open");
        Assert.Equal("EHLO proxy.example.com\r\n", server.Commands[0]);
    }

    private static Task UntilAsync(Func<bool> condition, string what) => Poll.UntilAsync(condition, Patience, what, Token);
}
