using System.Net;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Processes;
using SmtpProxy.TestKit.Servers;
using Xunit;

namespace SmtpProxy.IntegrationTests;

/// <summary>More clients than the process may have files open.</summary>
public class DescriptorShortageTests
{
    private const int OpenFiles = 700;

    // With a server each they would take 1,200 descriptors.
    private const int Clients = 600;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Epoll")]
    [InlineData("Sockets")]
    public async Task Sessions_MoreThanDescriptors_AreRefusedAndLaterServed(string transport)
    {
        await using var server = ScriptedServer.Start("mta1", new ServerEntry { Serve = "default" });
        using var directory = new TempDirectory();
        var listen = FreePorts.NextEndPoint();
        var file = directory.Write("smtpproxy.json", $$"""
            { "SmtpProxy": { "Transport": "{{transport}}",
              "Listeners": { "mx": { "Address": "{{listen}}", "Hostname": "mx.example.com", "Capabilities": [],
                "Limits": { "MaxConnectionsPerClient": 10000 } } },
              "Clusters": { "pool": { "Connection": { "MaxConnections": 10000 },
                "Destinations": { "mta1": { "Address": "{{server.EndPoint}}" } } } } } }
            """);
        await using var proxy = ChildProcess.Start(
            "sh", ["-c", $"ulimit -n {OpenFiles}; exec \"$@\"", "sh", .. HostProgram.Command, "run", "--config", file]);
        await HostProcess.WaitForLineAsync(proxy, static line => line.Contains("LimitNOFILE", StringComparison.Ordinal));
        var clients = new List<SmtpClientStub>();
        var refusals = new List<string>();
        try
        {
            for (var i = 0; i < Clients; i++)
            {
                if (await TryConnectAsync(listen, refusals) is { } client)
                {
                    clients.Add(client);
                    Assert.StartsWith("250", await client.CommandAsync("MAIL FROM:<a@example.com>"), StringComparison.Ordinal);
                }
            }
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }

        Assert.Null(proxy.ExitCode);
        Assert.InRange(clients.Count, 50, OpenFiles / 2);
        Assert.All(refusals, static refusal => Assert.Contains("421 4.7.0 Too many connections", refusal, StringComparison.Ordinal));
        await Poll.UntilAsync(async () => await IsServedAsync(listen), TimeSpan.FromSeconds(30), "a message after the shortage", Token);
        Assert.Single(server.Messages);
    }

    private static async Task<SmtpClientStub?> TryConnectAsync(IPEndPoint listen, List<string> refusals)
    {
        try
        {
            return await SmtpClientStub.ConnectAsync(listen, Token);
        }
        catch (InvalidOperationException e)
        {
            refusals.Add(e.Message);
            return null;
        }
    }

    private static async ValueTask<bool> IsServedAsync(IPEndPoint listen)
    {
        if (await TryConnectAsync(listen, []) is not { } client)
        {
            return false;
        }

        await using (client)
        {
            return (await client.SendMailAsync("a@example.com", ["r@example.org"], "x\r\n")).StartsWith("250", StringComparison.Ordinal);
        }
    }
}
