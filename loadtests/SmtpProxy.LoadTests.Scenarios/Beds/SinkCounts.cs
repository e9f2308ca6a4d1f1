using System.Collections.Concurrent;

namespace SmtpProxy.LoadTests.Scenarios.Beds;

/// <summary>What the mail servers of a bed took.</summary>
internal sealed class SinkCounts
{
    private readonly ConcurrentDictionary<string, int> _servers = new(StringComparer.Ordinal);
    private long _messages;

    /// <summary>Messages taken by all of them.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    /// <summary>Senders whose mail came to more than one of them.</summary>
    public int ScatteredSenders => _servers.Values.Count(static servers => (servers & (servers - 1)) != 0);

    /// <summary>A message was taken.</summary>
    /// <param name="sender">The argument of its MAIL command.</param>
    /// <param name="server">Number of the server, below 32.</param>
    public void Add(string sender, int server)
    {
        Interlocked.Increment(ref _messages);
        _servers.AddOrUpdate(sender, static (_, bit) => bit, static (_, bits, bit) => bits | bit, 1 << server);
    }
}
