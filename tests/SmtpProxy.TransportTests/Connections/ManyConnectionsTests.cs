using System.Buffers;
using System.Buffers.Binary;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace SmtpProxy.TransportTests.Connections;

[Collection(AloneCollection.Name)]
public sealed class ManyConnectionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Idle_ThousandsOfSessions_HoldLittleAndAllAnswer()
    {
        const int Count = 5000;
        await using var transport = await TestTransport.StartAsync();
        var serving = Task.Run(() => ServeAsync(transport.Listener), Token);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clients = new List<ConnectionContext>();
        for (var i = 0; i < Count; i++)
        {
            clients.Add(await transport.Transport.Connections.ConnectAsync(transport.EndPoint, Token));
            await EchoAsync(clients[i], i);
        }

        // Both ends of each are in this process.
        var perEnd = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count / 2;
        Assert.True(perEnd < 2048, $"{perEnd} octets for one end of an idle connection");
        await Task.WhenAll(clients.Select(EchoAsync));

        await Task.WhenAll(clients.Select(static client => client.DisposeAsync().AsTask()));
        await transport.Listener.UnbindAsync(Token);
        await serving;
    }

    [Fact]
    public async Task Churn_DescriptorsAreUsedAgain_NobodyGetsAnothersOctets()
    {
        const int Workers = 16;
        const int Rounds = 250;
        await using var transport = await TestTransport.StartAsync(loops: 3);
        var serving = Task.Run(() => ServeAsync(transport.Listener), Token);

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < Rounds; i++)
            {
                var client = await transport.Transport.Connections.ConnectAsync(transport.EndPoint, Token);
                await EchoAsync(client, (worker * Rounds) + i);
                if (random.Next(2) == 0)
                {
                    client.Abort();
                }

                await client.DisposeAsync();
            }
        }, Token)));

        await transport.Listener.UnbindAsync(Token);
        await serving;
    }

    [Fact]
    public async Task PingPong_SteadyState_AllocatesNothing()
    {
        const int Rounds = 5000;
        await using var transport = await TestTransport.StartAsync(loops: 1);
        var serving = Task.Run(() => ServeAsync(transport.Listener), Token);
        await using var client = await transport.Transport.Connections.ConnectAsync(transport.EndPoint, Token);
        await Task.Run(() => PingPongAsync(client, Rounds), Token);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await Task.Run(() => PingPongAsync(client, Rounds), Token);

        var perRound = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Rounds;
        Assert.True(perRound < 8, $"{perRound} octets allocated a round");
        await transport.Listener.UnbindAsync(Token);
        client.Abort();
        await serving;
    }

    private static async Task PingPongAsync(ConnectionContext client, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            client.Transport.Output.Write("NOOP\r\n"u8);
            await client.Transport.Output.FlushAsync();
            var result = await client.Transport.Input.ReadAsync();
            client.Transport.Input.AdvanceTo(result.Buffer.End);
        }
    }

    private static async Task EchoAsync(ConnectionContext client, int value)
    {
        var sent = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(sent, value);
        await client.Transport.Output.WriteAsync(sent, Token);
        var result = await client.Transport.Input.ReadAtLeastExaminedAsync(4);
        Assert.Equal(sent, result.Buffer.ToArray());
        client.Transport.Input.AdvanceTo(result.Buffer.End);
    }

    private static async Task ServeAsync(IConnectionListener listener)
    {
        var sessions = new List<Task>();
        while (await listener.AcceptAsync(Token) is { } connection)
        {
            sessions.Add(EchoBackAsync(connection));
        }

        await Task.WhenAll(sessions);
    }

    private static async Task EchoBackAsync(ConnectionContext connection)
    {
        try
        {
            while (true)
            {
                var result = await connection.Transport.Input.ReadAsync();
                foreach (var segment in result.Buffer)
                {
                    connection.Transport.Output.Write(segment.Span);
                }

                connection.Transport.Input.AdvanceTo(result.Buffer.End);
                await connection.Transport.Output.FlushAsync();
                if (result.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (ConnectionResetException)
        {
            // A client that aborts.
        }

        await connection.DisposeAsync();
    }
}
