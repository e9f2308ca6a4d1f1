using BitFaster.Caching.Lru;

namespace SmtpProxy.Affinity;

/// <summary>The bound of a table that begins small. The table is laid out for the capacity it is told at first: megabytes for a bound of a
/// million, in a proxy that may know ten senders.</summary>
internal sealed class LruCapacity : ICapacityPartition
{
    // What the queues share out must be at least three.
    private const int Minimum = 3;
    private const int AtFirst = 500;

    private FavorWarmPartition _parts;

    private LruCapacity(int capacity) => _parts = new FavorWarmPartition(capacity);

    /// <inheritdoc/>
    public int Cold => _parts.Cold;

    /// <inheritdoc/>
    public int Warm => _parts.Warm;

    /// <inheritdoc/>
    public int Hot => _parts.Hot;

    /// <summary>A table of at most <paramref name="maxEntries"/>, or of a few if that is fewer than its queues need.</summary>
    public static ConcurrentLru<TKey, TValue> CreateTable<TKey, TValue>(int maxEntries)
        where TKey : notnull
    {
        var bound = Math.Max(maxEntries, Minimum);
        var capacity = new LruCapacity(Math.Min(bound, AtFirst));
        var table = new ConcurrentLru<TKey, TValue>(Environment.ProcessorCount, capacity, EqualityComparer<TKey>.Default);
        capacity._parts = new FavorWarmPartition(bound);
        return table;
    }
}
