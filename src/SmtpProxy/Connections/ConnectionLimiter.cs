using System.Collections.Concurrent;
using System.Net;

namespace SmtpProxy.Connections;

/// <summary>Counts the connections of one listener: all of them from the first moment on, and by client once it is known who that is.</summary>
internal sealed class ConnectionLimiter
{
    private readonly ConcurrentDictionary<IPAddress, int> _byClient = new();
    private int _total;

    /// <summary>Connections that are open now.</summary>
    public int Total => Volatile.Read(ref _total);

    /// <summary>Admits one more connection. False when the limit is reached; nothing is counted then.</summary>
    public bool TryEnter(int maxConnections)
    {
        if (Interlocked.Increment(ref _total) > maxConnections)
        {
            Interlocked.Decrement(ref _total);
            return false;
        }

        return true;
    }

    /// <summary>A connection that was admitted has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _total);

    /// <summary>Admits one more connection of <paramref name="client"/>. False when its limit is reached; nothing is counted then.</summary>
    public bool TryEnterClient(IPAddress client, int maxPerClient)
    {
        if (_byClient.AddOrUpdate(client, 1, static (_, count) => count + 1) > maxPerClient)
        {
            LeaveClient(client);
            return false;
        }

        return true;
    }

    /// <summary>A connection of <paramref name="client"/> that was admitted has ended.</summary>
    public void LeaveClient(IPAddress client)
    {
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
