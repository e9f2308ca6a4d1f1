using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>Where affinity entries live. Implementations are safe for concurrent use; every call ends within the store's own deadline.</summary>
/// <remarks>Keys are already in the form that the store may keep (hashed, unless the operator asked for plain ones). Times are kept to the
/// millisecond. A store that cannot be reached throws <see cref="AffinityStoreException"/>; the caller goes on without it.</remarks>
public interface IAffinityStore : IAsyncDisposable
{
    /// <summary>Connects, creates what is missing and begins to watch. A store on the network returns at once when it is away and keeps
    /// trying; a local one throws <see cref="AffinityStoreException"/> when it can never work (a corrupt or locked file).</summary>
    Task StartAsync(IAffinityStoreWatcher watcher, CancellationToken cancellationToken);

    /// <summary>True when the last call or the watch found the store working.</summary>
    bool IsUp { get; }

    /// <summary>The entry of <paramref name="key"/>, or null when there is none or it has lapsed.</summary>
    ValueTask<AffinityEntry?> GetAsync(AffinityKey key, CancellationToken cancellationToken);

    /// <summary>Creates the entry if the key is free. Returns the entry in force afterwards: the proposed one, or the one that was there
    /// first. Two proxies that race get the same answer.</summary>
    ValueTask<AffinityEntry> TryAssignAsync(AffinityKey key, AffinityEntry proposed, CancellationToken cancellationToken);

    /// <summary>Replaces the entry if its generation still is <paramref name="expectedGeneration"/>. Returns the entry in force afterwards,
    /// or null when the key has none. <see cref="AffinityEntry.IsSameChoice"/> tells the caller whether its own won.</summary>
    ValueTask<AffinityEntry?> TryMoveAsync(AffinityKey key, long expectedGeneration, AffinityEntry replacement, CancellationToken cancellationToken);

    /// <summary>Writes the entry whatever is there (an operator's pin) and returns it with its generation.</summary>
    ValueTask<AffinityEntry> PutAsync(AffinityKey key, AffinityEntry entry, CancellationToken cancellationToken);

    /// <summary>Moves the expiry of an entry of this generation to <paramref name="expiresAt"/>, never back; no effect when it has changed
    /// since. The generation stays. Returns the entry in force afterwards, or null when the key has none.</summary>
    ValueTask<AffinityEntry?> RenewAsync(AffinityKey key, long generation, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Removes one entry. False when there was none.</summary>
    ValueTask<bool> RemoveAsync(AffinityKey key, CancellationToken cancellationToken);

    /// <summary>Removes all entries of a cluster, or those of one destination in it. Returns their number.</summary>
    ValueTask<int> RemoveAllAsync(string cluster, string? destination, CancellationToken cancellationToken);

    /// <summary>All entries of a cluster that have not lapsed, in no order.</summary>
    IAsyncEnumerable<KeyValuePair<AffinityKey, AffinityEntry>> ListAsync(string cluster, CancellationToken cancellationToken);

    /// <summary>Number of entries of a cluster. A shared store may include those that lapsed moments ago and await collection.</summary>
    ValueTask<long> CountAsync(string cluster, CancellationToken cancellationToken);
}
