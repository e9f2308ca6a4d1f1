namespace SmtpProxy.Infrastructure;

/// <summary>A deadline for what a session waits for. One timer serves the whole session: setting a later deadline only writes a field, and
/// the timer looks at the field when it fires, so a dialogue of many commands touches the timer queue hardly ever.</summary>
/// <remarks>When it passes, whoever was given at construction interrupts the wait (<c>CancelPendingRead</c> and the like); the code that waited
/// then asks <see cref="IsExpired"/>. An interruption that comes late is therefore harmless.</remarks>
internal sealed class Deadline : IDisposable
{
    private const long Never = long.MaxValue;

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly IInterruptible _wait;
    private long _due = Never;
    private long _timerDue = Never;

    public Deadline(TimeProvider time, IInterruptible wait)
    {
        _time = time;
        _wait = wait;
        _timer = time.CreateTimer(static state => ((Deadline)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True once the deadline has passed; until the next <see cref="Set"/>.</summary>
    public bool IsExpired => Volatile.Read(ref _due) != Never && _time.GetTimestamp() >= Volatile.Read(ref _due);

    /// <summary>From now on the wait is interrupted after <paramref name="timeout"/>.</summary>
    public void Set(TimeSpan timeout)
    {
        var due = _time.GetTimestamp() + ToTicks(timeout);

        // A full fence: either this sees that the timer has fired, or the timer sees the new deadline.
        Interlocked.Exchange(ref _due, due);
        if (due < Volatile.Read(ref _timerDue))
        {
            Schedule();
        }
    }

    /// <summary>No deadline until the next <see cref="Set"/>.</summary>
    public void Clear() => Volatile.Write(ref _due, Never);

    /// <inheritdoc/>
    public void Dispose()
    {
        Clear();
        _timer.Dispose();
    }

    private void OnTimer()
    {
        Interlocked.Exchange(ref _timerDue, Never);
        if (IsExpired)
        {
            _wait.Interrupt();
        }
        else
        {
            Schedule();
        }
    }

    private void Schedule()
    {
        // Every session has two of these: the timer is the lock as well.
        lock (_timer)
        {
            var due = Volatile.Read(ref _due);
            if (due >= _timerDue)
            {
                return;
            }

            Volatile.Write(ref _timerDue, due);
            var left = Math.Max(0, due - _time.GetTimestamp());
            _timer.Change(ToTimeSpan(left), Timeout.InfiniteTimeSpan);
        }
    }

    // Rounded up, so that the timer never fires before the deadline it was set for.
    private TimeSpan ToTimeSpan(long ticks) => TimeSpan.FromMilliseconds(Math.Ceiling(ticks * 1000.0 / _time.TimestampFrequency));

    private long ToTicks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);
}
