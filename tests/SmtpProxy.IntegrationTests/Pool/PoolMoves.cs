using System.Diagnostics;
using SmtpProxy.TestKit;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>The moves of senders as one proxy knows them.</summary>
public sealed class PoolMoves
{
    private readonly Dictionary<string, PoolMove> _moved = [];

    /// <summary>The moves by sender.</summary>
    public IReadOnlyDictionary<string, PoolMove> Moved => _moved;

    /// <summary>Asks a proxy for the senders' entries until all have left a destination.</summary>
    public static async Task<PoolMoves> WatchAsync(
        PoolProxy proxy, IReadOnlyCollection<string> senders, string left, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var moves = new PoolMoves();
        var asked = senders.ToDictionary(sender => sender, _ => Stopwatch.GetTimestamp());
        await Poll.UntilAsync(
            async () =>
            {
                foreach (var sender in senders.Where(sender => !moves._moved.ContainsKey(sender)))
                {
                    await moves.AskAsync(proxy, sender, left, asked, cancellationToken);
                }

                return moves._moved.Count == senders.Count;
            },
            deadline, $"all senders of {left} have moved on {proxy.Name}", cancellationToken);
        return moves;
    }

    /// <summary>How long at least one of two proxies had a move that the other had not. Longer than that is not shown: the look takes time.</summary>
    public static TimeSpan Lag(PoolMove one, PoolMove other)
    {
        var ticks = Math.Max(one.StillOldAt - other.NewAt, other.StillOldAt - one.NewAt);
        return ticks > 0 ? Stopwatch.GetElapsedTime(0, ticks) : TimeSpan.Zero;
    }

    private async Task AskAsync(PoolProxy proxy, string sender, string left, Dictionary<string, long> asked, CancellationToken cancellationToken)
    {
        var now = Stopwatch.GetTimestamp();
        var entry = await proxy.FindAsync(sender, cancellationToken) ?? throw new InvalidOperationException($"{proxy.Name} has lost {sender}.");
        if (entry.Destination == left)
        {
            asked[sender] = now;
        }
        else
        {
            _moved[sender] = new PoolMove(entry, asked[sender], Stopwatch.GetTimestamp());
        }
    }
}
