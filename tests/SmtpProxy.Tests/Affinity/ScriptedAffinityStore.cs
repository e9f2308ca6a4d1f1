using System.Collections.Concurrent;
using SmtpProxy.Affinity;
using SmtpProxy.Model;

namespace SmtpProxy.Tests.Affinity;

/// <summary>A store in memory that fails, hangs or waits as a test says, and notes what it is asked.</summary>
internal sealed class ScriptedAffinityStore(TimeProvider time) : IAffinityStore
{
    private readonly MemoryAffinityStore _inner = new(10_000, time);
    private volatile bool _isAway;
    private volatile bool _hangs;
    private volatile TaskCompletionSource? _hold;

    /// <summary>Every call, as <c>operation key</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    public IAffinityStoreWatcher? Watcher { get; private set; }

    /// <summary>Calls fail at once.</summary>
    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    /// <summary>Calls never end by themselves and do not heed their token.</summary>
    public bool Hangs
    {
        get => _hangs;
        set => _hangs = value;
    }

    public bool IsUp => !IsAway && !Hangs;

    /// <summary>What another proxy does with the same store; reaches the watcher like any change.</summary>
    public MemoryAffinityStore Other => _inner;

    /// <summary>Calls wait until <see cref="Release"/>.</summary>
    public void Hold() => _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        _hold?.TrySetResult();
        _hold = null;
    }

    public int CountOf(string operation) => Calls.Count(call => call.StartsWith(operation + " ", StringComparison.Ordinal));

    public Task StartAsync(IAffinityStoreWatcher watcher, CancellationToken cancellationToken)
    {
        Watcher = watcher;
        return _inner.StartAsync(watcher, cancellationToken);
    }

    public async ValueTask<AffinityEntry?> GetAsync(AffinityKey key, CancellationToken cancellationToken)
    {
        await EnterAsync("get", key.Key);
        return await _inner.GetAsync(key, cancellationToken);
    }

    public async ValueTask<AffinityEntry> TryAssignAsync(AffinityKey key, AffinityEntry proposed, CancellationToken cancellationToken)
    {
        await EnterAsync("assign", key.Key);
        return await _inner.TryAssignAsync(key, proposed, cancellationToken);
    }

    public async ValueTask<AffinityEntry?> TryMoveAsync(
        AffinityKey key, long expectedGeneration, AffinityEntry replacement, CancellationToken cancellationToken)
    {
        await EnterAsync("move", key.Key);
        return await _inner.TryMoveAsync(key, expectedGeneration, replacement, cancellationToken);
    }

    public async ValueTask<AffinityEntry> PutAsync(AffinityKey key, AffinityEntry entry, CancellationToken cancellationToken)
    {
        await EnterAsync("put", key.Key);
        return await _inner.PutAsync(key, entry, cancellationToken);
    }

    public async ValueTask<AffinityEntry?> RenewAsync(
        AffinityKey key, long generation, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        await EnterAsync("renew", key.Key);
        return await _inner.RenewAsync(key, generation, expiresAt, cancellationToken);
    }

    public async ValueTask<bool> RemoveAsync(AffinityKey key, CancellationToken cancellationToken)
    {
        await EnterAsync("remove", key.Key);
        return await _inner.RemoveAsync(key, cancellationToken);
    }

    public async ValueTask<int> RemoveAllAsync(string cluster, string? destination, CancellationToken cancellationToken)
    {
        await EnterAsync("remove_all", cluster);
        return await _inner.RemoveAllAsync(cluster, destination, cancellationToken);
    }

    public IAsyncEnumerable<KeyValuePair<AffinityKey, AffinityEntry>> ListAsync(string cluster, CancellationToken cancellationToken) =>
        _inner.ListAsync(cluster, cancellationToken);

    public async ValueTask<long> CountAsync(string cluster, CancellationToken cancellationToken)
    {
        await EnterAsync("count", cluster);
        return await _inner.CountAsync(cluster, cancellationToken);
    }

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private async Task EnterAsync(string operation, string key)
    {
        Calls.Enqueue($"{operation} {key}");
        if (IsAway)
        {
            throw new AffinityStoreException("away");
        }

        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time);
        }

        if (_hold is { } hold)
        {
            await hold.Task;
        }
    }
}
