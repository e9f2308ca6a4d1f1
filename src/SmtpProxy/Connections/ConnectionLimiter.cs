using System.Collections.Concurrent;
using System.Net;
using SmtpProxy.Model;

namespace SmtpProxy.Connections;

/// <summary>Counts the connections of one listener, in all and by client address.</summary>
internal sealed class ConnectionLimiter
{
    private readonly ConcurrentDictionary<IPAddress, int> _byClient = new();
    private int _total;

    /// <summary>Connections that are open now.</summary>
    public int Total => Volatile.Read(ref _total);

    /// <summary>Admits one more connection of <paramref name="client"/>: none, or the limit that forbids it; nothing is counted then.</summary>
    public LimitKind Enter(IPAddress client, int maxConnections, int maxPerClient)
    {
        if (Interlocked.Increment(ref _total) > maxConnections)
        {
            Interlocked.Decrement(ref _total);
            return LimitKind.MaxConnections;
        }

        if (_byClient.AddOrUpdate(client, 1, static (_, count) => count + 1) > maxPerClient)
        {
            Leave(client);
            return LimitKind.MaxConnectionsPerClient;
        }

        return LimitKind.None;
    }

    /// <summary>A connection that was admitted has ended.</summary>
    public void Leave(IPAddress client)
    {
        Interlocked.Decrement(ref _total);
        while (_byClient.TryGetValue(client, out var count))
        {
            var done = count == 1
                ? _byClient.TryRemove(new KeyValuePair<IPAddress, int>(client, 1))
                : _byClient.TryUpdate(client, count - 1, count);
            if (done)
            {
                return;
            }
        }
    }
}
