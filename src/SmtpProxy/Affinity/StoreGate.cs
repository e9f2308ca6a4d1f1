namespace SmtpProxy.Affinity;

/// <summary>Says when a store that failed may be asked again: after a back-off with full jitter that doubles, by one caller alone. So mail
/// does not wait for the deadline of a dead store time and again.</summary>
internal sealed class StoreGate(TimeProvider time, Func<double> jitter)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private volatile bool _isOpen = true;
    private bool _isProbed;
    private int _failures;
    private long _retryAt;

    /// <summary>True while the store answers.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>How long to wait before <see cref="TryEnter"/> has a chance; zero when it may be tried now.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock)
            {
                if (_isOpen)
                {
                    return TimeSpan.Zero;
                }

                var left = TimeSpan.FromSeconds((_retryAt - time.GetTimestamp()) / (double)time.TimestampFrequency);
                return _isProbed || left > FirstBackoff ? TimeSpan.FromTicks(Math.Max(left.Ticks, FirstBackoff.Ticks))
                    : left > TimeSpan.Zero ? left
                    : TimeSpan.Zero;
            }
        }
    }

    /// <summary>True when the caller may ask the store; it reports how that ended.</summary>
    public bool TryEnter()
    {
        if (_isOpen)
        {
            return true;
        }

        lock (_lock)
        {
            if (_isOpen)
            {
                return true;
            }

            if (_isProbed || time.GetTimestamp() < _retryAt)
            {
                return false;
            }

            return _isProbed = true;
        }
    }

    /// <summary>The store answered. True when it had been away.</summary>
    public bool Succeeded()
    {
        if (_isOpen)
        {
            return false;
        }

        lock (_lock)
        {
            var wasClosed = !_isOpen;
            _isOpen = true;
            _isProbed = false;
            _failures = 0;
            return wasClosed;
        }
    }

    /// <summary>The caller gave up before the store could answer: nothing was learnt.</summary>
    public void Abandoned()
    {
        lock (_lock)
        {
            _isProbed = false;
        }
    }

    /// <summary>The store did not answer. True when it had been up until now.</summary>
    public bool Failed()
    {
        lock (_lock)
        {
            if (!_isOpen && !_isProbed)
            {
                // Asked before the first failure was known: the back-off already runs.
                return false;
            }

            var longest = Math.Min(FirstBackoff.TotalSeconds * Math.Pow(2, Math.Min(_failures, 16)), LongestBackoff.TotalSeconds);
            _failures++;
            _retryAt = time.GetTimestamp() + (long)(jitter() * longest * time.TimestampFrequency);
            var wasOpen = _isOpen;
            _isOpen = false;
            _isProbed = false;
            return wasOpen;
        }
    }
}
