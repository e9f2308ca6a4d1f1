using SmtpProxy.Configuration;

namespace SmtpProxy.Backends;

/// <summary>When a pool next looks through its kept sessions: as soon as the first of them expires, and from time to time for those that died. Guarded by
/// the pool's lock.</summary>
internal sealed class SweepSchedule(ITimer timer, TimeProvider time)
{
    // Kept sessions that died are noticed this often even when nobody asks for them.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // The resolution of timers: under it they would fire for nothing.
    private static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(1);

    private bool _isScheduled;

    /// <summary>Sets the timer, unless it is set, or nothing is kept and nothing shall be.</summary>
    public void Schedule(IdleSessions idle, ConnectionConfig settings, bool isWarm)
    {
        if (!_isScheduled && (isWarm || idle.Count > 0))
        {
            SetTimer(idle, settings);
        }
    }

    /// <summary>The timer has fired.</summary>
    public void Done() => _isScheduled = false;

    // Apart from the check before it, because its closure is an allocation that most calls can do without.
    private void SetTimer(IdleSessions idle, ConnectionConfig settings)
    {
        var due = idle.Count == 0 ? Interval : idle.Min(session => Min(
            UntilIdle(session, settings), settings.PoolMaxAge - time.GetElapsedTime(session.Session.CreatedAt)));
        _isScheduled = true;
        timer.Change(Min(Interval, due < MinDelay ? MinDelay : due), Timeout.InfiniteTimeSpan);
    }

    // One that idles for longer is kept because there would be too few without it.
    private TimeSpan UntilIdle(PooledSession session, ConnectionConfig settings) =>
        settings.PoolIdle - time.GetElapsedTime(session.IdleSince) is var left && left > TimeSpan.Zero ? left : Interval;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
