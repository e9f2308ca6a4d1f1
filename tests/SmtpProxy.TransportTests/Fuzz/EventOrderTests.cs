using Microsoft.AspNetCore.Connections;
using Xunit;

namespace SmtpProxy.TransportTests.Fuzz;

/// <summary>Random orders of reads, writes, cancellations, half-closes and resets over real sockets. Whatever happens, what arrives is the beginning of
/// what was sent, and all of it when nobody cut it off.</summary>
public sealed class EventOrderTests
{
    private const int Connections = 6;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Streams_AnyOrderOfEvents_AreWholeOrCutOff(int seed)
    {
        await using var transport = await TestTransport.StartAsync(inline: seed % 4 != 0, loops: 1 + (seed % 3));
        var runs = new List<Task>();
        for (var i = 0; i < Connections; i++)
        {
            var accepting = transport.Listener.AcceptAsync(Token);
            var client = await transport.Transport.Connections.ConnectAsync(transport.EndPoint, Token);
            var server = await accepting;
            var own = (seed * 100) + i;

            // On the pool: the context of a test would take what goes on away from the loops.
            runs.Add(Task.Run(() => RunAsync(client, server!, own), Token));
        }

        await Task.WhenAll(runs).WaitAsync(TimeSpan.FromSeconds(60), Token);
    }

    private static async Task RunAsync(ConnectionContext client, ConnectionContext server, int seed)
    {
        var random = new Random(seed);
        using var never = new CancellationTokenSource();
        var token = random.Next(2) == 0 ? never.Token : CancellationToken.None;
        var up = new Direction(client, server, 2 * seed, random.Next(1, 2_000_000), token);
        var down = new Direction(server, client, (2 * seed) + 1, random.Next(1, 2_000_000), token);
        var all = Task.WhenAll(up.Done, down.Done);
        var isCut = random.Next(3) == 0;
        for (var rounds = random.Next(1, 400); !all.IsCompleted && rounds > 0; rounds--)
        {
            var at = random.Next(2) == 0 ? client : server;
            (random.Next(3) == 0 ? (Action)at.Transport.Output.CancelPendingFlush : at.Transport.Input.CancelPendingRead)();
            await Task.Yield();
        }

        if (isCut)
        {
            (random.Next(2) == 0 ? client : server).Abort();
        }

        await all;
        await client.DisposeAsync();
        await server.DisposeAsync();
        await up.CheckAsync(isCut);
        await down.CheckAsync(isCut);
    }

    private sealed class Direction(ConnectionContext from, ConnectionContext to, int seed, long length, CancellationToken cancellationToken)
    {
        private readonly Task<long> _written = new RandomWriter(from.Transport.Output, seed, length).RunAsync(cancellationToken);
        private readonly Task<long> _read = new RandomReader(to.Transport.Input, seed).RunAsync(cancellationToken);

        public Task Done => Task.WhenAll(_written, _read);

        public async Task CheckAsync(bool isCut)
        {
            var (written, read) = (await _written, await _read);
            if (isCut)
            {
                Assert.InRange(read < 0 ? -read - 1 : read, 0, written);
            }
            else
            {
                Assert.InRange(written, length, long.MaxValue);
                Assert.Equal(written, read);
            }
        }
    }
}
