using System.Runtime.CompilerServices;
using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>What operators do with affinity entries. Changes throw while the store is away, so that nobody believes in one that others do not
/// see; listings fall back to memory.</summary>
internal sealed class AffinityOperator(
    StoreCaller store, AffinityCache cache, WriteQueue writes, AffinityDirectoryOptions options, TimeProvider time)
{
    private static readonly TimeSpan BulkTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Sets the entry of a sender by an operator's order; with <paramref name="ttl"/> it ends then, used or not. Throws
    /// <see cref="AffinityStoreException"/> when the store is away.</summary>
    public async ValueTask<AffinityEntry> PinAsync(
        string cluster, SenderKey key, string destination, TimeSpan? ttl, CancellationToken cancellationToken)
    {
        var id = options.Hasher.Hash(cluster, key);
        var now = StoreTime.Now(time);
        var expiresAt = now + (ttl ?? (options.Settings(cluster) ?? new SessionAffinityConfig()).Ttl);
        var pin = new AffinityEntry(destination, AffinityReason.Pinned, now, expiresAt, Generation: 0, IsFixed: ttl is not null);
        var mark = cache.Mark(id);
        var entry = await store.CallAsync("pin", (id, pin), static (s, x, token) => s.PutAsync(x.id, x.pin, token), cancellationToken);
        writes.Remove(id);
        cache.Accept(id, entry, mark);
        return entry;
    }

    /// <summary>Removes the entry of a sender. False when there was none. Throws <see cref="AffinityStoreException"/> when the store is
    /// away.</summary>
    public async ValueTask<bool> RemoveAsync(string cluster, SenderKey key, CancellationToken cancellationToken)
    {
        var id = options.Hasher.Hash(cluster, key);
        var removed = await store.CallAsync("remove", id, static (s, x, token) => s.RemoveAsync(x, token), cancellationToken);
        removed |= cache.Find(id) is not null;
        cache.Forget(id);
        return removed;
    }

    /// <summary>Removes the entries of a cluster, or of one destination in it. Returns their number. Throws
    /// <see cref="AffinityStoreException"/> when the store is away.</summary>
    public async ValueTask<int> RemoveAllAsync(string cluster, string? destination, CancellationToken cancellationToken)
    {
        var removed = await store.CallAsync(
            "remove_all",
            BulkTimeout,
            (cluster, destination),
            static (s, x, token) => s.RemoveAllAsync(x.cluster, x.destination, token),
            cancellationToken);
        cache.ForgetAll(cluster, destination);
        return removed;
    }

    /// <summary>The entries of a cluster: the store's, or those in memory while it is away. Keys are in the form of the store.</summary>
    public IAsyncEnumerable<KeyValuePair<AffinityKey, AffinityEntry>> ListAsync(string cluster, CancellationToken cancellationToken) =>
        store.IsUp ? store.Store.ListAsync(cluster, cancellationToken) : ListCachedAsync(cluster, cancellationToken);

    /// <summary>The number of entries of a cluster: the store's, or those in memory while it is away.</summary>
    public async ValueTask<long> CountAsync(string cluster, CancellationToken cancellationToken)
    {
        var answer = await store.TryAsync("count", cluster, static (s, x, token) => s.CountAsync(x, token), cancellationToken);
        return answer.IsAnswered ? answer.Value : cache.List(cluster).LongCount();
    }

    private async IAsyncEnumerable<KeyValuePair<AffinityKey, AffinityEntry>> ListCachedAsync(
        string cluster, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var pair in cache.List(cluster))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return pair;
        }
    }
}
