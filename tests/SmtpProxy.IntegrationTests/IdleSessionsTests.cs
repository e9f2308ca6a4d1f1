using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.IntegrationTests;

/// <summary>Ten thousand clients that do nothing, as a botnet or a stuck monitor leaves them, before the process itself.</summary>
public class IdleSessionsTests
{
    private const int Idle = 10_000;
    private const int AtATime = 200;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sessions_TenThousandIdle_AreHeldAndTheNextClientIsServed()
    {
        await using var server = ScriptedServer.Start("mta1", new ServerEntry { Serve = "default" });
        using var directory = new TempDirectory();
        var listen = FreePorts.NextEndPoint();
        var file = directory.Write("smtpproxy.json", $$"""
            { "SmtpProxy": {
              "Listeners": { "mx": { "Address": "{{listen}}", "Hostname": "mx.example.com", "Capabilities": [],
                "Limits": { "MaxConnectionsPerClient": {{Idle + 100}} } } },
              "Clusters": { "pool": { "Destinations": { "mta1": { "Address": "{{server.EndPoint}}" } } } } } }
            """);
        await using var proxy = await HostProcess.StartReadyAsync(directory.Root, "run", "--config", file);
        var clients = new List<SmtpClientStub>(Idle);
        try
        {
            while (clients.Count < Idle)
            {
                clients.AddRange(await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => SmtpClientStub.ConnectAsync(listen, Token))));
            }

            await using var client = await SmtpClientStub.ConnectAsync(listen, Token);
            Assert.StartsWith("250", await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n"), StringComparison.Ordinal);
            foreach (var idle in clients.Where((_, i) => i % 500 == 0))
            {
                Assert.StartsWith("250", await idle.CommandAsync("NOOP"), StringComparison.Ordinal);
            }

            Assert.Single(server.Messages);
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }
    }
}
