namespace SmtpProxy.Infrastructure;

/// <summary>Counts the connections of this process against the files that it may have open. The last descriptor is never taken: without one the
/// runtime cannot even load a library, and the process ends with all its sessions.</summary>
/// <param name="free">Files that the process may open beyond those that it had open before any connection.</param>
/// <param name="reserved">How many of them connections leave free. Clients leave as many again for the servers that they will need.</param>
internal sealed class DescriptorBudget(int free, int reserved)
{
    private readonly int _forServers = Math.Max(2, free - reserved);
    private readonly int _forClients = Math.Max(1, free - (2 * Math.Min(reserved, free / 2)));
    private int _used;

    /// <summary>Connections that are counted now.</summary>
    public int Used => Volatile.Read(ref _used);

    /// <summary>Connections beyond which no client is let in.</summary>
    public int ForClients => _forClients;

    /// <summary>Counts a client's connection. False when too few descriptors are left; nothing is counted then.</summary>
    public bool TryEnterClient() => TryEnter(_forClients);

    /// <summary>Counts a connection to a server. False when too few descriptors are left; nothing is counted then.</summary>
    public bool TryEnterServer() => TryEnter(_forServers);

    /// <summary>A connection that was counted has ended.</summary>
    public void Leave() => Interlocked.Decrement(ref _used);

    private bool TryEnter(int most)
    {
        if (Interlocked.Increment(ref _used) > most)
        {
            Interlocked.Decrement(ref _used);
            return false;
        }

        return true;
    }
}
