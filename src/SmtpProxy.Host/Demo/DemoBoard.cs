namespace SmtpProxy.Host.Demo;

/// <summary>What the table shows; written by sinks and clients, read by the screen.</summary>
internal sealed class DemoBoard
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, SenderRow> _senders = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SinkRow> _sinks = new(StringComparer.Ordinal);
    private int _accepted;
    private int _retries;

    /// <summary>Puts the rows in that will be filled.</summary>
    public void Open(IEnumerable<string> senders, IEnumerable<string> sinks)
    {
        lock (_lock)
        {
            foreach (var sender in senders)
            {
                _senders[sender] = new SenderRow(sender, null, 0, null);
            }

            foreach (var sink in sinks)
            {
                _sinks[sink] = new SinkRow(sink, 0, IsStopped: false);
            }
        }
    }

    /// <summary>A sink took a message.</summary>
    public void OnDelivered(string sender, string sink)
    {
        lock (_lock)
        {
            var row = _senders.GetValueOrDefault(sender) ?? new SenderRow(sender, null, 0, null);
            _senders[sender] = row with { Destination = sink, Messages = row.Messages + 1, Home = row.Home ?? sink };
            var total = _sinks.GetValueOrDefault(sink) ?? new SinkRow(sink, 0, IsStopped: false);
            _sinks[sink] = total with { Messages = total.Messages + 1 };
        }
    }

    /// <summary>A client was told 2xx.</summary>
    public void OnAccepted() => Interlocked.Increment(ref _accepted);

    /// <summary>A client was told to try again, or lost its connection.</summary>
    public void OnRetry() => Interlocked.Increment(ref _retries);

    /// <summary>A sink was stopped.</summary>
    public void OnStopped(string sink)
    {
        lock (_lock)
        {
            _sinks[sink] = _sinks[sink] with { IsStopped = true };
        }
    }

    /// <summary>Everything at this moment.</summary>
    public DemoPicture Look()
    {
        lock (_lock)
        {
            return new DemoPicture([.. _senders.Values], [.. _sinks.Values], Volatile.Read(ref _accepted), Volatile.Read(ref _retries));
        }
    }
}
