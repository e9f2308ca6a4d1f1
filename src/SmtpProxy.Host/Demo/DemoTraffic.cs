using System.Net;
using System.Threading.Channels;

namespace SmtpProxy.Host.Demo;

/// <summary>Sends the messages of the demo: a few clients, each with one connection that carries many senders.</summary>
/// <param name="proxy">Where the proxy listens.</param>
/// <param name="senders">The addresses to send from.</param>
/// <param name="board">Told how it goes.</param>
/// <param name="options">How many, how fast.</param>
internal sealed class DemoTraffic(IPEndPoint proxy, IReadOnlyList<string> senders, DemoBoard board, DemoOptions options)
{
    private const int Clients = 4;

    private readonly Random _random = new(options.Seed);
    private readonly Channel<DemoMessage> _outbox = Channel.CreateBounded<DemoMessage>(Clients);
    private readonly DemoLedger _ledger = new();

    /// <summary>What the clients were told of each message.</summary>
    public DemoLedger Ledger => _ledger;

    /// <summary>Sends until all messages are sent or the token is cancelled. <paramref name="onHalfWay"/> runs beside the traffic.</summary>
    public async Task RunAsync(Func<Task> onHalfWay, CancellationToken cancellationToken)
    {
        var clients = Enumerable.Range(0, Clients).Select(_ => RunClientAsync(cancellationToken)).ToList();
        var half = Task.CompletedTask;
        try
        {
            using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / options.Rate), TimeProvider.System);
            for (var number = 1; options.Messages is not { } count || number <= count; number++)
            {
                await _outbox.Writer.WriteAsync(Next(number), cancellationToken);
                if (number == options.HalfWay)
                {
                    half = onHalfWay();
                }

                await pace.WaitForNextTickAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: what is on its way ends by itself.
        }

        _outbox.Writer.Complete();
        await Task.WhenAll(clients.Append(half));
    }

    private DemoMessage Next(int number) =>
        new($"{number}.{options.Seed}@demo.invalid", senders[_random.Next(senders.Count)]);

    private async Task RunClientAsync(CancellationToken cancellationToken)
    {
        await using var client = new DemoClient(proxy, board, _ledger);
        await foreach (var message in _outbox.Reader.ReadAllAsync(CancellationToken.None))
        {
            await client.SendAsync(message, cancellationToken);
        }
    }
}
