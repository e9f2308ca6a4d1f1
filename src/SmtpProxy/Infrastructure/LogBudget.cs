namespace SmtpProxy.Infrastructure;

/// <summary>Bounds how many lines strangers can cause: so many in a period, and then the number of those left out.</summary>
internal sealed class LogBudget(int lines, TimeSpan period, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _start = time.GetTimestamp();
    private int _used;
    private long _skipped;

    /// <summary>True when a line may be written; <paramref name="skipped"/> were not since the last one.</summary>
    public bool TryTake(out long skipped)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_start) >= period)
            {
                _start = time.GetTimestamp();
                _used = 0;
            }

            if (_used >= lines)
            {
                _skipped++;
                skipped = 0;
                return false;
            }

            _used++;
            skipped = _skipped;
            _skipped = 0;
            return true;
        }
    }
}
