using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>The affinity entries as sessions see them: from memory when known, else from the store, and from memory alone while the store is
/// away. Nothing that mail needs throws because of the store, or waits for it longer than its deadline once per back-off.</summary>
internal sealed partial class AffinityDirectory : IAsyncDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly ISenderKeyHasher _hasher;
    private readonly Func<string, SessionAffinityConfig?> _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly AffinityCache _cache;
    private readonly StoreCaller _store;
    private readonly WriteQueue _writes;
    private readonly AffinityWriter _writer;
    private readonly SingleFlight<AffinityKey, AffinityLookup> _lookups = new();
    private readonly SingleFlight<AffinityKey, AffinityLookup> _assignments = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _writing = Task.CompletedTask;
    private Task _probing = Task.CompletedTask;
    private ITimer? _sweep;

    public AffinityDirectory(IAffinityStore store, AffinityDirectoryOptions options, TimeProvider time, ILogger<AffinityDirectory> logger)
    {
        _hasher = options.Hasher;
        _settings = options.Settings;
        _time = time;
        _logger = logger;
        Metrics = new AffinityMetrics(options.Registry);
        _writes = new WriteQueue(options.MaxQueuedWrites, Metrics);
        _cache = new AffinityCache(options.MaxEntries, _writes, time);
        _store = new StoreCaller(store, new StoreGate(time, options.Jitter), options.StoreTimeout, Metrics, time, logger);
        _writer = new AffinityWriter(_writes, _store, _cache, time);
        Operator = new AffinityOperator(_store, _cache, _writes, options, time);
        options.Registry.AddBeforeCollectCallback(() => Metrics.Publish(IsStoreUp, _writes.Count, _cache.Counts));
    }

    /// <summary>The metrics that affinity publishes.</summary>
    public AffinityMetrics Metrics { get; }

    /// <summary>What operators do with entries.</summary>
    public AffinityOperator Operator { get; }

    /// <summary>True while the store answers.</summary>
    public bool IsStoreUp => _store.IsUp;

    /// <summary>Writes that wait for the store.</summary>
    public int QueuedWrites => _writes.Count;

    /// <summary>Starts the store and everything in the background. Throws <see cref="AffinityStoreException"/> for a store that can never
    /// work.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _store.Store.StartAsync(_cache, cancellationToken);
        _writing = WriteInBackgroundAsync();
        _probing = new StoreProbe(_store, _time).RunAsync(_stop.Token);
        _sweep = _time.CreateTimer(static state => ((AffinityCache)state!).Sweep(), _cache, SweepInterval, SweepInterval);
    }

    /// <summary>The entry that this proxy knows for a sender. Takes no lock and never waits.</summary>
    public bool TryGet(string cluster, SenderKey key, [NotNullWhen(true)] out AffinityEntry? entry)
    {
        var found = TryGet(cluster, key, out AffinityLookup lookup);
        entry = lookup.Entry;
        return found;
    }

    /// <summary>The same, with how the entry came about.</summary>
    public bool TryGet(string cluster, SenderKey key, out AffinityLookup lookup)
    {
        lookup = AffinityLookup.None;
        if (key.IsNone)
        {
            Metrics.CountLookup(AffinityUse.None);
            return false;
        }

        var id = _hasher.Hash(cluster, key);
        if (_cache.Find(id) is not { } entry)
        {
            return false;
        }

        RenewInSecondHalf(id, entry);
        lookup = Found(entry);
        return true;
    }

    /// <summary>The entry of a sender, from the store when this proxy does not know it. Who asks for the same key meanwhile shares the
    /// answer.</summary>
    public ValueTask<AffinityLookup> GetAsync(string cluster, SenderKey key, CancellationToken cancellationToken)
    {
        if (key.IsNone)
        {
            return new(AffinityLookup.None);
        }

        var id = _hasher.Hash(cluster, key);
        return _cache.Find(id) is { } entry
            ? new(Found(entry))
            : new(_lookups.RunAsync(id, () => LookUpAsync(id), cancellationToken));
    }

    /// <summary>Gives a sender its destination unless it has one: what is returned is in force, and may be another's choice.</summary>
    public ValueTask<AffinityLookup> AssignAsync(
        string cluster, SenderKey key, string destination, SessionAffinityConfig config, CancellationToken cancellationToken)
    {
        if (key.IsNone || !config.Enabled)
        {
            return new(AffinityLookup.None);
        }

        var id = _hasher.Hash(cluster, key);
        if (_cache.Find(id) is { } entry)
        {
            return new(Found(entry));
        }

        var now = Now();
        var proposed = new AffinityEntry(destination, AffinityReason.Assigned, now, now + config.Ttl, Generation: 0);
        return new(_assignments.RunAsync(id, () => AssignAsync(id, proposed), cancellationToken));
    }

    /// <summary>Moves the entry of a sender if it still is <paramref name="expected"/>. Returns the entry in force, which is another one when
    /// somebody else was first. While the store is away the move holds for this proxy and is reconciled later.</summary>
    public async ValueTask<AffinityEntry> MoveAsync(
        string cluster, SenderKey key, AffinityEntry expected, AffinityMove move, CancellationToken cancellationToken)
    {
        var id = _hasher.Hash(cluster, key);
        if (_cache.Find(id) is { } known)
        {
            // An entry made while the store was away has got its generation since.
            var isExpected = known.IsSameChoice(expected) && (known.Generation == expected.Generation || expected.Generation == 0);
            if (!isExpected)
            {
                return known;
            }

            expected = known;
        }

        var now = Now();
        var ttl = (_settings(cluster) ?? new SessionAffinityConfig()).Ttl;
        var next = new AffinityEntry(move.Destination, move.Reason, now, now + ttl, Generation: 0);
        if (move.AvoidFor > TimeSpan.Zero)
        {
            next = next with { AvoidedDestination = expected.Destination, AvoidedUntil = now + move.AvoidFor };
        }

        var current = await MoveAsync(id, expected, next, cancellationToken);
        if (current.IsSameChoice(next))
        {
            Metrics.CountReroute(cluster, move.Reason);
            Log.Moved(_logger, cluster, expected.Destination, next.Destination, move.Reason);
        }

        return current;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _probing;
        await _writing;
        await _writer.DrainAsync();
        await (_sweep?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _store.Store.DisposeAsync();
        _stop.Dispose();
    }

    private async ValueTask<AffinityLookup> LookUpAsync(AffinityKey id)
    {
        var mark = _cache.Mark(id);
        var answer = await _store.TryAsync("get", id, static (s, x, token) => s.GetAsync(x, token), CancellationToken.None);
        if (!answer.IsAnswered)
        {
            return new AffinityLookup(Entry: null, AffinityUse.Hash);
        }

        _cache.Accept(id, answer.Value, mark);
        return answer.Value is { } entry ? Found(entry) : AffinityLookup.None;
    }

    private async ValueTask<AffinityLookup> AssignAsync(AffinityKey id, AffinityEntry proposed)
    {
        var mark = _cache.Mark(id);
        var answer = await _store.TryAsync(
            "assign", (id, proposed), static (s, x, token) => s.TryAssignAsync(x.id, x.proposed, token), CancellationToken.None);
        if (answer.Value is not { } entry)
        {
            return Counted(new AffinityLookup(_cache.Assign(id, proposed), AffinityUse.Hash));
        }

        _cache.Accept(id, entry, mark);
        return entry.IsSameChoice(proposed) ? Counted(new AffinityLookup(entry, AffinityUse.New)) : Found(entry);
    }

    private async ValueTask<AffinityEntry> MoveAsync(
        AffinityKey id, AffinityEntry expected, AffinityEntry next, CancellationToken cancellationToken)
    {
        if (expected.Generation == 0)
        {
            return _cache.Move(id, expected, next);
        }

        var mark = _cache.Mark(id);
        var answer = await _store.TryAsync(
            "move",
            (id, expected, next),
            static (s, x, token) => s.TryMoveAsync(x.id, x.expected.Generation, x.next, token),
            cancellationToken);
        if (!answer.IsAnswered)
        {
            return _cache.Move(id, expected, next);
        }

        _cache.Accept(id, answer.Value, mark);

        // Removed meanwhile: the sender is without an entry, and its next transaction gets one.
        return answer.Value ?? expected;
    }

    private void RenewInSecondHalf(AffinityKey id, AffinityEntry entry)
    {
        if (!entry.IsFixed && _settings(id.Cluster) is { Sliding: true } settings)
        {
            var now = Now();
            if (entry.ExpiresAt - now < settings.Ttl / 2)
            {
                _cache.Extend(id, entry, now + settings.Ttl);
            }
        }
    }

    private AffinityLookup Found(AffinityEntry entry) => Counted(AffinityLookup.Found(entry));

    private AffinityLookup Counted(AffinityLookup lookup)
    {
        Metrics.CountLookup(lookup.Use);
        return lookup;
    }

    private DateTimeOffset Now() => StoreTime.Now(_time);

    private async Task WriteInBackgroundAsync()
    {
        try
        {
            await _writer.RunAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            Log.Stopped(_logger, _writes.Count);
        }
        catch (Exception exception)
        {
            Log.WriterFailed(_logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1453, LogLevel.Information, "An affinity entry of cluster {Cluster} moved from {From} to {To}: {Reason}.")]
        public static partial void Moved(ILogger logger, string cluster, string from, string to, AffinityReason reason);

        [LoggerMessage(1454, LogLevel.Debug, "Affinity stops; {Count} writes wait.")]
        public static partial void Stopped(ILogger logger, int count);

        [LoggerMessage(1455, LogLevel.Critical, "Affinity entries are no longer written to the store.")]
        public static partial void WriterFailed(ILogger logger, Exception exception);
    }
}
