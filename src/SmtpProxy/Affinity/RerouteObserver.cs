using System.Threading.Channels;
using BitFaster.Caching;
using BitFaster.Caching.Lru;
using Microsoft.Extensions.Logging;
using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>Counts the consecutive failures of each sender on the destination of its entry, and moves the entry when there are too many.
/// The move itself runs in the background: no session waits for it.</summary>
internal sealed partial class RerouteObserver : ITransactionObserver, IAsyncDisposable
{
    private readonly AffinityDirectory _directory;
    private readonly Func<string, SessionAffinityConfig?> _settings;
    private readonly Action<LimitKind> _onLimit;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentLru<(string Cluster, string Key), SenderFailures> _failures;
    private readonly Channel<Reroute> _moves;
    private readonly CancellationTokenSource _stop = new();
    private Task _moving = Task.CompletedTask;

    /// <param name="directory">Where entries are moved.</param>
    /// <param name="bounds">How many senders are counted, and how many may wait.</param>
    /// <param name="settings">The present affinity settings of a cluster; null for an unknown one.</param>
    /// <param name="onLimit">Told of a bound that was hit.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where faults are told.</param>
    public RerouteObserver(
        AffinityDirectory directory, AffinityStoreConfig bounds, Func<string, SessionAffinityConfig?> settings, Action<LimitKind> onLimit,
        TimeProvider time, ILogger<RerouteObserver> logger)
    {
        (_directory, _settings, _onLimit, _time, _logger) = (directory, settings, onLimit, time, logger);
        _failures = LruCapacity.CreateTable<(string Cluster, string Key), SenderFailures>(bounds.MaxFailingSenders);
        _failures.Events.Value!.ItemRemoved += (_, removed) =>
        {
            if (removed.Reason == ItemRemovedReason.Evicted)
            {
                onLimit(LimitKind.MaxFailingSenders);
            }
        };
        _moves = Channel.CreateBounded<Reroute>(new BoundedChannelOptions(bounds.MaxQueuedMoves) { SingleReader = true });
    }

    /// <summary>Begins to move entries.</summary>
    public void Start() => _moving = MoveInBackgroundAsync();

    /// <inheritdoc/>
    public void OnCompleted(TransactionRecord record)
    {
        if (record.Cluster is not { } cluster || record.Key.Value is not { } key || record.Entry is not { } entry)
        {
            return;
        }

        if (record.Outcome == TransactionOutcome.Relayed && IsEntrys(record.Destination, entry))
        {
            _failures.TryRemove((cluster, key));
        }
        else if (FailedThere(record, entry) && _settings(cluster) is { Enabled: true, RerouteAfter: > 0 } config)
        {
            Count(cluster, key, record, entry, config);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _moves.Writer.TryComplete();
        await _stop.CancelAsync();
        await _moving;
        _stop.Dispose();
    }

    // One per transaction, however often it was tried there.
    private static bool FailedThere(TransactionRecord record, AffinityEntry entry)
    {
        foreach (var attempt in record.Attempts)
        {
            if (attempt.CountsAgainstSender && IsEntrys(attempt.Destination, entry))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsEntrys(string? destination, AffinityEntry entry) =>
        string.Equals(destination, entry.Destination, StringComparison.OrdinalIgnoreCase);

    private void Count(string cluster, string key, TransactionRecord record, AffinityEntry entry, SessionAffinityConfig config)
    {
        var failures = _failures.GetOrAdd((cluster, key), static _ => new SenderFailures());
        if (!failures.Add(entry.Destination, _time.GetUtcNow(), config.FailureWindow, config.RerouteAfter))
        {
            return;
        }

        // Without a place to go the count stays: the next failure asks again.
        if (record.Fallback is { } fallback && !IsEntrys(fallback, entry))
        {
            var move = new AffinityMove(fallback, AffinityReason.Rerouted, config.AvoidFor);
            failures.SetMoving(isMoving: true);
            if (!_moves.Writer.TryWrite(new Reroute(cluster, record.Key, entry, move, failures)))
            {
                failures.SetMoving(isMoving: false);
                _onLimit(LimitKind.MaxQueuedMoves);
            }
        }
    }

    private async Task MoveInBackgroundAsync()
    {
        try
        {
            await foreach (var reroute in _moves.Reader.ReadAllAsync(_stop.Token))
            {
                await MoveAsync(reroute);
            }
        }
        catch (OperationCanceledException)
        {
            Log.Stopped(_logger);
        }
    }

    private async Task MoveAsync(Reroute reroute)
    {
        try
        {
            // Whoever moved it first, the count belongs to a destination that the sender has left.
            await _directory.MoveAsync(reroute.Cluster, reroute.Key, reroute.Entry, reroute.Move, _stop.Token);
            _failures.TryRemove((reroute.Cluster, reroute.Key.Value!));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.MoveFailed(_logger, reroute.Cluster, exception);
        }
        finally
        {
            reroute.Failures.SetMoving(isMoving: false);
        }
    }

    private sealed record Reroute(string Cluster, SenderKey Key, AffinityEntry Entry, AffinityMove Move, SenderFailures Failures);

    private static partial class Log
    {
        [LoggerMessage(1456, LogLevel.Debug, "Rerouting stops.")]
        public static partial void Stopped(ILogger logger);

        [LoggerMessage(1457, LogLevel.Error, "An affinity entry of cluster {Cluster} could not be moved.")]
        public static partial void MoveFailed(ILogger logger, string cluster, Exception exception);
    }
}
