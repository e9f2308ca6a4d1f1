using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Backends;

/// <summary>The books of one pool: which sessions there are, who has them, who waits. Decides and counts, talks to no server, and never waits. Guarded by
/// the pool's lock.</summary>
internal sealed class PoolLedger(DestinationState destination, PoolGauges gauges, TimeProvider time, SweepSchedule sweeps)
{
    private readonly IdleSessions _idle = new();
    private readonly LinkedList<PoolWaiter> _waiters = new();
    private readonly Dictionary<BackendSession, PooledSession> _leased = [];
    private int _connecting;
    private bool _isDraining;
    private bool _isStopped;

    /// <summary>Connections that exist, are being opened or say goodbye.</summary>
    public int Open { get; private set; }

    private ConnectionConfig Settings => destination.Model.Connection;

    private bool HasRoom => Open < Settings.MaxConnections;

    private bool MayQueue => _waiters.Count < Settings.MaxQueue && Settings.QueueTimeout > TimeSpan.Zero;

    private int Wanted => _isDraining ? 0 : PoolWarmUp.Wanted(Settings);

    /// <summary>What to do with a request. Whoever came earlier is served first: with a queue, nobody takes a kept session past it.</summary>
    public PoolDecision Decide(in SessionRequest request)
    {
        if (_isStopped)
        {
            return new(Refusal: PoolRefusal.Stopped);
        }

        if (!request.Fresh && _waiters.Count == 0)
        {
            if (_idle.Take(request, othersToo: !HasRoom) is { } kept)
            {
                Lease(kept);
                Show();
                return new(Session: kept);
            }

            // At the limit its place in the queue counts: whoever comes meanwhile would be given the session.
            if (_idle.ClaimOf(request.Owner) is { State: PooledState.Resetting } own && own.Serves(request) && (HasRoom || !MayQueue))
            {
                return new(Reset: own.Reset);
            }
        }

        if (TryReserve(isAsked: true))
        {
            return new(MayConnect: true);
        }

        return _waiters.Count < Settings.MaxQueue ? Enqueue(new PoolWaiter(request)) : new(Refusal: PoolRefusal.QueueFull);
    }

    /// <summary>Permission to open a session; when nobody has asked for it, only up to the number that there should be at least.</summary>
    public bool TryReserve(bool isAsked)
    {
        if (_waiters.Count > 0 || Open >= (isAsked ? Settings.MaxConnections : Wanted))
        {
            return false;
        }

        Open++;
        _connecting++;
        Show();
        return true;
    }

    /// <summary>Books a finished connect; null: it failed.</summary>
    public void Connected(PooledSession? session)
    {
        _connecting--;
        if (session is null)
        {
            Open--;
            GrantConnects();
        }
        else
        {
            Lease(session);
        }

        Show();
    }

    /// <summary>Books that a dead session makes room for a new one that takes its place.</summary>
    public void Replace(PooledSession dead)
    {
        Forget(dead);
        _connecting++;
        Show();
    }

    /// <summary>Books a session that a transaction gives back.</summary>
    public Handback Return(BackendSession session, object owner, bool clean, out PooledSession? pooled)
    {
        if (!_leased.Remove(session, out pooled))
        {
            return Handback.None;
        }

        if (!clean || session.HasLogin || _isDraining || session.Transactions >= Settings.MaxTransactions || !pooled.IsUsable(destination.Model, time))
        {
            pooled.State = PooledState.Closing;
            return Handback.Part;
        }

        _idle.Claim(pooled, owner);
        if (pooled.IsOrphan)
        {
            pooled.State = PooledState.Closing;
            return Handback.Part;
        }

        if (session.IsInTransaction)
        {
            pooled.BeginReset();
            return Handback.Reset;
        }

        return TryKeep(pooled) ? Handback.Kept : Handback.Part;
    }

    /// <summary>Gives a clean session to the first in the queue, or keeps it. False: it must be closed, and counts as closing from now on.</summary>
    public bool TryKeep(PooledSession pooled, bool isClear = true)
    {
        var kept = isClear && !_isDraining && Open <= Settings.MaxConnections && pooled.IsUsable(destination.Model, time)
            && (_waiters.First is { } first ? TryHandOver(pooled, first.Value) : TryShelve(pooled));
        if (!kept)
        {
            Forget(pooled);
            pooled.State = PooledState.Closing;
        }

        Show();
        return kept;
    }

    /// <summary>Books a session that was closed without ceremony by whoever had it.</summary>
    public void Discard(BackendSession session)
    {
        if (_leased.TryGetValue(session, out var pooled))
        {
            Closed(pooled);
        }
    }

    /// <summary>Books a closed connection: the first in the queue may open another.</summary>
    public void Closed(PooledSession pooled)
    {
        Forget(pooled);
        Open--;
        GrantConnects();
        Show();
    }

    /// <summary>Ends the claim of a client session. The session to close: one that serves nobody else, or the one that is missed least when enough
    /// are kept without it.</summary>
    public PooledSession? ReleaseOwner(object owner)
    {
        if (_idle.ClaimOf(owner) is not { } pooled)
        {
            return null;
        }

        _idle.Unclaim(pooled);
        if (pooled.State != PooledState.Idle || (!pooled.IsOrphan && _idle.UnownedCount <= Settings.PoolSize))
        {
            return null;
        }

        var surplus = pooled.IsOrphan ? pooled : _idle.Oldest!;
        Retire(surplus);
        Show();
        return surplus;
    }

    /// <summary>Takes a waiter out of the queue. False when something was granted to it already.</summary>
    public bool TryLeave(PoolWaiter waiter)
    {
        if (waiter.Node.List is null)
        {
            return false;
        }

        _waiters.Remove(waiter.Node);
        Show();
        return true;
    }

    /// <summary>Takes the kept sessions that died, idled for too long or grew too old, all of which are to be closed.</summary>
    public List<PooledSession> Sweep()
    {
        var gone = _idle.Expired(destination.Model, time, _leased.Count, Wanted);
        gone.ForEach(Retire);
        sweeps.Done();
        sweeps.Schedule(_idle, Settings, Wanted > 0);
        Show();
        return gone;
    }

    /// <summary>Takes all kept sessions, which are to be closed; from now on none is kept. With <paramref name="stop"/> the queue is dismissed.</summary>
    public List<PooledSession> Drain(bool stop)
    {
        _isDraining = true;
        _isStopped |= stop;
        while (stop && _waiters.First is { } first)
        {
            _waiters.RemoveFirst();
            first.Value.Dismiss();
        }

        var idle = _idle.Where(static _ => true);
        idle.ForEach(Retire);
        Show();
        return idle;
    }

    private PoolDecision Enqueue(PoolWaiter waiter)
    {
        _waiters.AddLast(waiter.Node);

        // Kept sessions that are left here are of no use to the request, but stand in its way.
        var evicted = _idle.Oldest;
        if (evicted is not null)
        {
            Retire(evicted);
        }

        GrantConnects();
        Show();
        return new(Waiter: waiter, Evicted: evicted);
    }

    private bool TryHandOver(PooledSession pooled, PoolWaiter waiter)
    {
        if (!waiter.Accepts(pooled))
        {
            return false;
        }

        _waiters.Remove(waiter.Node);
        _idle.Unclaim(pooled);
        Lease(pooled);
        waiter.Grant(pooled);
        return true;
    }

    private bool TryShelve(PooledSession pooled)
    {
        if (pooled.IsOrphan || (pooled.Owner is null && _idle.UnownedCount >= Settings.PoolSize))
        {
            return false;
        }

        pooled.State = PooledState.Idle;
        pooled.IdleSince = time.GetTimestamp();
        _idle.Add(pooled);
        sweeps.Schedule(_idle, Settings, Wanted > 0);
        return true;
    }

    private void Lease(PooledSession session)
    {
        session.State = PooledState.Leased;
        _leased.Add(session.Session, session);
    }

    private void Retire(PooledSession session)
    {
        Forget(session);
        session.State = PooledState.Closing;
    }

    private void Forget(PooledSession session)
    {
        _leased.Remove(session.Session);
        _idle.Remove(session);
    }

    private void GrantConnects()
    {
        while (HasRoom && _waiters.First is { } first)
        {
            _waiters.RemoveFirst();
            Open++;
            _connecting++;
            first.Value.Grant(null);
        }
    }

    private void Show() => gauges.Show(_idle.Count, Open - _idle.Count - _connecting, _connecting, _waiters.Count);
}
