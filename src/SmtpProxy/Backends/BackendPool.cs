using Microsoft.Extensions.Logging;
using Prometheus;
using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Backends;

/// <summary>The sessions with one destination: lent, kept, opened and closed within the limits of its configuration.</summary>
/// <remarks>One lock, held for list work only and never over a wait. A connection counts from the permission to open it until it is closed, also
/// while it says goodbye, so that the server never sees more of them than allowed.</remarks>
internal sealed partial class BackendPool : IDisposable
{
    private readonly DestinationState _destination;
    private readonly BackendConnector _connector;
    private readonly SessionParting _parting;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly System.Threading.ITimer _sweeper;
    private readonly Lock _lock = new();
    private readonly PoolLedger _ledger;
    private readonly PoolWarmUp _warmUp;
    private readonly IdentityWatch _identity;
    private readonly Func<int> _lane;

    public BackendPool(
        DestinationState destination, BackendConnector connector, BackgroundWork background, PoolGauges gauges, ICounter losses,
        IdentityWatch identity, Func<int> lane, TimeProvider time, ILogger logger)
    {
        _destination = destination;
        _connector = connector;
        _identity = identity;
        _lane = lane;
        _parting = new SessionParting(background, OnClosed, TryKeep);
        _warmUp = new PoolWarmUp(this, background, losses, time);
        _time = time;
        _logger = logger;
        _sweeper = time.CreateTimer(static pool => ((BackendPool)pool!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ledger = new PoolLedger(destination, gauges, time, new SweepSchedule(_sweeper, time));
    }

    /// <summary>True when there is no connection left.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _ledger.Open == 0;
            }
        }
    }

    private ConnectionConfig Settings => _destination.Model.Connection;

    /// <summary>A session as requested; without a wait when a kept one serves.</summary>
    public ValueTask<LeaseResult> AcquireAsync(SessionRequest request, CancellationToken cancellationToken)
    {
        request = request with { Binding = SessionBinding.Of(Settings.Identity, request), Lane = _lane() };
        while (true)
        {
            PoolDecision decision;
            lock (_lock)
            {
                decision = _ledger.Decide(request);
            }

            if (decision.Session is not { } kept)
            {
                return decision.Refusal is { } refusal
                    ? new(refusal)
                    : AcquireSlowlyAsync(decision, request, cancellationToken);
            }

            if (kept.TryServe(request, _destination.Model, _time))
            {
                return new(kept.Reused);
            }

            _parting.Part(kept);
        }
    }

    /// <summary>Keeps sessions open under this name before there is mail; null: no longer.</summary>
    public void KeepWarm(string? hostname)
    {
        _warmUp.Use(hostname);
        Sweep();
    }

    /// <summary>Takes a session back: kept when it is clean and young, closed with QUIT otherwise.</summary>
    public void Return(BackendSession session, object owner)
    {
        var isSound = !session.IsBroken && session.Outstanding == 0;
        var clean = session.IsClean();
        if (isSound && !clean)
        {
            Log.OutOfStep(_logger, _destination.ClusterId, _destination.Id);
        }

        _identity.Returned(session);
        PooledSession? pooled;
        Handback handback;
        lock (_lock)
        {
            handback = _ledger.Return(session, owner, clean, out pooled);
        }

        if (handback == Handback.Reset)
        {
            _parting.Reset(pooled!);
        }
        else if (handback == Handback.Part)
        {
            _parting.Part(pooled!);
        }
        else if (handback == Handback.None)
        {
            session.Dispose();
        }
    }

    /// <summary>A session was closed by whoever had it.</summary>
    public void Discard(BackendSession session)
    {
        lock (_lock)
        {
            _ledger.Discard(session);
        }
    }

    /// <summary>The client session has ended: what it used last is anybody's whom it may serve, or closed when it is of no use or enough are kept.</summary>
    public void ReleaseOwner(object owner)
    {
        PooledSession? surplus;
        lock (_lock)
        {
            surplus = _ledger.ReleaseOwner(owner);
        }

        if (surplus is not null)
        {
            _parting.Part(surplus);
        }
    }

    /// <summary>Keeps nothing any more; with <paramref name="stop"/> lends nothing either.</summary>
    public void Drain(bool stop)
    {
        _warmUp.Use(null);
        List<PooledSession> idle;
        lock (_lock)
        {
            idle = _ledger.Drain(stop);
        }

        idle.ForEach(_parting.Part);
    }

    public void Dispose()
    {
        _sweeper.Dispose();
        _warmUp.Dispose();
    }

    /// <summary>Permission to open a session that nobody asked for; <see cref="ConnectAsync"/> has to follow.</summary>
    public bool TryReserve()
    {
        lock (_lock)
        {
            return _ledger.TryReserve(isAsked: false);
        }
    }

    private async ValueTask<LeaseResult> AcquireSlowlyAsync(
        PoolDecision decision, SessionRequest request, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        if (decision.Reset is { } reset)
        {
            await reset.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var waited = _time.GetElapsedTime(started);
            if (!reset.IsCompleted)
            {
                return PoolRefusal.GivenUp with { QueueDelay = waited };
            }

            var lease = await AcquireAsync(request, cancellationToken);
            return lease with { QueueDelay = lease.QueueDelay + waited };
        }

        if (decision.Evicted is { } evicted)
        {
            _parting.Part(evicted);
        }

        if (decision.Waiter is { } waiter)
        {
            var (kept, failure) = await waiter.WaitAsync(Settings.QueueTimeout, _time, TryLeave, cancellationToken);
            if (failure is not null)
            {
                return failure with { QueueDelay = _time.GetElapsedTime(started) };
            }

            if (kept is not null && kept.TryServe(request, _destination.Model, _time))
            {
                return kept.Reused with { QueueDelay = _time.GetElapsedTime(started) };
            }

            Replace(kept);
        }

        var queued = _time.GetElapsedTime(started);
        return await ConnectAsync(request, cancellationToken) with { QueueDelay = queued };
    }

    private bool TryLeave(PoolWaiter waiter)
    {
        lock (_lock)
        {
            return _ledger.TryLeave(waiter);
        }
    }

    /// <summary>Opens a session that is counted already.</summary>
    public async ValueTask<LeaseResult> ConnectAsync(SessionRequest request, CancellationToken cancellationToken)
    {
        var model = _destination.Model;

        // A reload since the request came may have changed what the server is told.
        request = request with { Binding = SessionBinding.Of(model.Connection.Identity, request) };
        LeaseResult? lease = null;
        try
        {
            lease = await _connector.ConnectAsync(_destination, model, request, cancellationToken);
            if (lease.Session is { } opened)
            {
                opened.Client = request.Client;
                _identity.Opened(opened);
            }

            return lease;
        }
        finally
        {
            lock (_lock)
            {
                _ledger.Connected(lease?.Session is { } session ? new PooledSession(session, request with { Lane = _lane() }, model) : null);
            }
        }
    }

    // A kept session that died between its return and its use makes room for a new one: its place in the count stays taken.
    private void Replace(PooledSession? dead)
    {
        if (dead is not null)
        {
            dead.Session.Dispose();
            lock (_lock)
            {
                _ledger.Replace(dead);
            }
        }
    }

    private void OnClosed(PooledSession pooled, bool isLost)
    {
        lock (_lock)
        {
            _ledger.Closed(pooled);
        }

        _warmUp.Closed(pooled.Session, isLost);
    }

    private bool TryKeep(PooledSession pooled, bool isClear)
    {
        lock (_lock)
        {
            return _ledger.TryKeep(pooled, isClear);
        }
    }

    private void Sweep()
    {
        List<PooledSession> gone;
        lock (_lock)
        {
            gone = _ledger.Sweep();
        }

        gone.ForEach(_parting.Part);
        _warmUp.Begin();
    }

    private static partial class Log
    {
        [LoggerMessage(1303, LogLevel.Warning, "{Cluster}/{Destination} closed or sent more than it was asked for; the session is not kept")]
        public static partial void OutOfStep(ILogger logger, string cluster, string destination);
    }
}
