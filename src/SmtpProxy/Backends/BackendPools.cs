using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SmtpProxy.Model;

namespace SmtpProxy.Backends;

/// <summary>The pools of all destinations. A pool comes about with the first request for its destination and reads the configuration anew each time, so
/// that a reload takes effect with the next transaction.</summary>
internal sealed class BackendPools : IAsyncDisposable
{
    private static readonly TimeSpan DisposeTimeout = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<DestinationState, BackendPool> _pools = new();
    private readonly Func<DestinationState, BackendPool> _create;
    private readonly BackgroundWork _background;

    /// <param name="transport">How servers are connected to.</param>
    /// <param name="metrics">Where pools are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where faults are told.</param>
    /// <param name="lane">Which of the transport's threads the caller runs on; null: it has none of its own.</param>
    public BackendPools(
        IBackendTransport transport, PoolMetrics metrics, TimeProvider time, ILogger<BackendPools> logger, Func<int>? lane = null)
    {
        var connector = new BackendConnector(transport, metrics, time, logger);
        _background = new BackgroundWork(time, logger);
        _create = destination => new BackendPool(
            destination, connector, _background, metrics.For(destination.Id), metrics.LossesOf(destination.Id),
            new IdentityWatch(destination, metrics.RefusedBy(destination.Id), logger), lane ?? (static () => 0), time, logger);
    }

    /// <summary>A session with <paramref name="destination"/>, kept or new. Whatever is given must come back by <see cref="Return"/> or
    /// <see cref="Discard"/>.</summary>
    /// <param name="destination">The server.</param>
    /// <param name="request">What it is wanted for.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    public ValueTask<LeaseResult> AcquireAsync(
        DestinationState destination, SessionRequest request, CancellationToken cancellationToken) =>
        _pools.GetOrAdd(destination, _create).AcquireAsync(request, cancellationToken);

    /// <summary>The transaction is over, or was given up outside its text: RSET is sent where one is open. A session whose server awaits message text must
    /// be discarded.</summary>
    public void Return(BackendSession session, object owner)
    {
        if (_pools.TryGetValue(session.Destination, out var pool))
        {
            pool.Return(session, owner);
        }
        else
        {
            // Its destination vanished from the configuration.
            session.Dispose();
        }
    }

    /// <summary>Closes a session at once: it is broken, or its server awaits message text that shall not be completed.</summary>
    public void Discard(BackendSession session)
    {
        session.Dispose();
        if (_pools.TryGetValue(session.Destination, out var pool))
        {
            pool.Discard(session);
        }
    }

    /// <summary>Keeps sessions with a destination open before there is mail, as many as its configuration says.</summary>
    /// <param name="destination">The server.</param>
    /// <param name="hostname">The name to give in EHLO.</param>
    public void KeepWarm(DestinationState destination, string hostname)
    {
        if (PoolWarmUp.Wanted(destination.Model.Connection) > 0)
        {
            _pools.GetOrAdd(destination, _create).KeepWarm(hostname);
        }
    }

    /// <summary>Opens sessions only for mail from now on.</summary>
    public void StopWarming()
    {
        foreach (var (_, pool) in _pools)
        {
            pool.KeepWarm(null);
        }
    }

    /// <summary>The client session has ended; called after its last session was given back.</summary>
    public void ReleaseOwner(object owner)
    {
        foreach (var (_, pool) in _pools)
        {
            pool.ReleaseOwner(owner);
        }
    }

    /// <summary>After a reload: pools of destinations that are gone keep nothing, and vanish when their last session is closed.</summary>
    public void Retain(IReadOnlySet<DestinationState> destinations)
    {
        foreach (var (destination, pool) in _pools)
        {
            if (destinations.Contains(destination))
            {
                continue;
            }

            pool.Drain(stop: false);
            if (pool.IsEmpty && _pools.TryRemove(destination, out _))
            {
                pool.Dispose();
            }
        }
    }

    /// <summary>Says QUIT on all kept sessions and lends none any more. Returns when all are closed, or at the deadline.</summary>
    public async ValueTask ShutdownAsync(TimeSpan deadline)
    {
        foreach (var (_, pool) in _pools)
        {
            pool.Drain(stop: true);
        }

        await _background.WhenIdleAsync(deadline);
    }

    public async ValueTask DisposeAsync()
    {
        await ShutdownAsync(DisposeTimeout);
        foreach (var (_, pool) in _pools)
        {
            pool.Dispose();
        }
    }
}
