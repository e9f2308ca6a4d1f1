using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace SmtpProxy.TransportTests.Connections;

[Collection(AloneCollection.Name)]
public sealed class ExhaustionTests
{
    private const int Clients = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AcceptAsync_NoDescriptorLeft_GoesOnWhenThereAreSome()
    {
        await using var transport = await TestTransport.StartAsync();
        var clients = Enumerable.Range(0, Clients).Select(static _ => new Socket(SocketType.Stream, ProtocolType.Tcp)).ToList();
        var accepted = new List<ConnectionContext>();
        var accepting = AcceptAsync(transport.Listener, accepted);
        TimeSpan spent;
        using (new DescriptorLimit())
        {
            foreach (var client in clients)
            {
                await client.ConnectAsync(transport.EndPoint, Token);
            }

            var before = Process.GetCurrentProcess().TotalProcessorTime;
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Token);
            spent = Process.GetCurrentProcess().TotalProcessorTime - before;
            Assert.True(accepted.Count < Clients, $"{accepted.Count} were accepted without descriptors.");
        }

        Assert.True(spent < TimeSpan.FromMilliseconds(250), $"{spent} of processor time while nothing could be done.");
        await accepting.WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.Equal(Clients, accepted.Count);
        clients.ForEach(static client => client.Dispose());
    }

    private static async Task AcceptAsync(IConnectionListener listener, List<ConnectionContext> accepted)
    {
        while (accepted.Count < Clients && await listener.AcceptAsync(Token) is { } connection)
        {
            accepted.Add(connection);
        }
    }
}
