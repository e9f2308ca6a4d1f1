namespace SmtpProxy.Affinity;

/// <summary>The consecutive failures of one sender on one destination.</summary>
internal sealed class SenderFailures
{
    private readonly Lock _lock = new();
    private readonly List<DateTimeOffset> _at = [];
    private string? _destination;
    private bool _isMoving;

    /// <summary>Notes a failure. True when <paramref name="limit"/> of them lie within <paramref name="window"/> and no move is under way.</summary>
    public bool Add(string destination, DateTimeOffset now, TimeSpan window, int limit)
    {
        lock (_lock)
        {
            if (!string.Equals(_destination, destination, StringComparison.OrdinalIgnoreCase))
            {
                _destination = destination;
                _at.Clear();
                _isMoving = false;
            }

            _at.RemoveAll(at => now - at > window);
            if (_at.Count >= limit)
            {
                _at.RemoveAt(0);
            }

            _at.Add(now);
            return !_isMoving && _at.Count >= limit;
        }
    }

    /// <summary>A move was queued, or has ended.</summary>
    public void SetMoving(bool isMoving)
    {
        lock (_lock)
        {
            _isMoving = isMoving;
        }
    }
}
