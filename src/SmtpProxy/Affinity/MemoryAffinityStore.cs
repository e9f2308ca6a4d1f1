using System.Runtime.CompilerServices;
using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>Entries in this process: bounded, the least recently used go first, gone when the process ends.</summary>
internal sealed class MemoryAffinityStore(int maxEntries, TimeProvider time) : IAffinityStore
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly EntryTable _table = new(maxEntries);
    private IAffinityStoreWatcher? _watcher;
    private ITimer? _sweep;
    private long _generation;

    /// <inheritdoc/>
    public bool IsUp => true;

    /// <inheritdoc/>
    public Task StartAsync(IAffinityStoreWatcher watcher, CancellationToken cancellationToken)
    {
        _watcher = watcher;
        _sweep ??= time.CreateTimer(static state => ((MemoryAffinityStore)state!).Sweep(), this, SweepInterval, SweepInterval);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<AffinityEntry?> GetAsync(AffinityKey key, CancellationToken cancellationToken) => new(FindLive(key));

    /// <inheritdoc/>
    public ValueTask<AffinityEntry> TryAssignAsync(AffinityKey key, AffinityEntry proposed, CancellationToken cancellationToken)
    {
        lock (_table.Gate(key).Lock)
        {
            return new(FindLive(key) ?? Write(key, proposed));
        }
    }

    /// <inheritdoc/>
    public ValueTask<AffinityEntry?> TryMoveAsync(
        AffinityKey key, long expectedGeneration, AffinityEntry replacement, CancellationToken cancellationToken)
    {
        lock (_table.Gate(key).Lock)
        {
            var current = FindLive(key);
            return new(current?.Generation == expectedGeneration ? Write(key, replacement) : current);
        }
    }

    /// <inheritdoc/>
    public ValueTask<AffinityEntry> PutAsync(AffinityKey key, AffinityEntry entry, CancellationToken cancellationToken)
    {
        lock (_table.Gate(key).Lock)
        {
            return new(Write(key, entry));
        }
    }

    /// <inheritdoc/>
    public ValueTask<AffinityEntry?> RenewAsync(
        AffinityKey key, long generation, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        lock (_table.Gate(key).Lock)
        {
            var current = FindLive(key);
            if (current is null || current.Generation != generation || expiresAt <= current.ExpiresAt)
            {
                return new(current);
            }

            var renewed = current with { ExpiresAt = expiresAt };
            _table.Set(key, renewed);
            _watcher?.OnChanged(key, renewed);
            return new(renewed);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RemoveAsync(AffinityKey key, CancellationToken cancellationToken) => new(Remove(key, static _ => true));

    /// <inheritdoc/>
    public ValueTask<int> RemoveAllAsync(string cluster, string? destination, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var (key, _) in _table.Enumerate())
        {
            if (key.Cluster == cluster
                && Remove(key, entry => destination is null || string.Equals(entry.Destination, destination, StringComparison.OrdinalIgnoreCase)))
            {
                removed++;
            }
        }

        return new(removed);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<KeyValuePair<AffinityKey, AffinityEntry>> ListAsync(
        string cluster, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var pair in _table.Enumerate())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (pair.Key.Cluster == cluster && !pair.Value.IsExpired(time.GetUtcNow()))
            {
                yield return pair;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(string cluster, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return new(_table.Enumerate().LongCount(pair => pair.Key.Cluster == cluster && !pair.Value.IsExpired(now)));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _sweep?.DisposeAsync() ?? ValueTask.CompletedTask;

    private AffinityEntry? FindLive(AffinityKey key) => _table.Find(key) is { } entry && !entry.IsExpired(time.GetUtcNow()) ? entry : null;

    private AffinityEntry Write(AffinityKey key, AffinityEntry entry)
    {
        var written = entry with { Generation = Interlocked.Increment(ref _generation) };
        _table.Set(key, written);
        _watcher?.OnChanged(key, written);
        return written;
    }

    private bool Remove(AffinityKey key, Func<AffinityEntry, bool> condition)
    {
        lock (_table.Gate(key).Lock)
        {
            if (_table.Find(key) is not { } entry || !condition(entry))
            {
                return false;
            }

            _table.Remove(key);
            _watcher?.OnRemoved(key);
            return !entry.IsExpired(time.GetUtcNow());
        }
    }

    private void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var (key, entry) in _table.Enumerate())
        {
            if (entry.IsExpired(now))
            {
                Remove(key, candidate => candidate.IsExpired(now));
            }
        }
    }
}
