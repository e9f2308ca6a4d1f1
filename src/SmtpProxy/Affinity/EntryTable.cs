using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using BitFaster.Caching.Lru;
using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>A bounded table of entries: reads take no lock, the least recently used go first, the number per cluster is always known.
/// Changes are made under the gate of their key, so that reading, deciding and writing is one step.</summary>
internal sealed class EntryTable
{
    private const int GateCount = 1024;

    private readonly ConcurrentLru<AffinityKey, Slot> _slots;
    private readonly ConcurrentDictionary<string, StrongBox<long>> _counts = new(StringComparer.Ordinal);
    private readonly EntryGate[] _gates = new EntryGate[GateCount];

    public EntryTable(int maxEntries)
    {
        _slots = LruCapacity.CreateTable<AffinityKey, Slot>(maxEntries);
        _slots.Events.Value!.ItemRemoved += (_, removed) => Count(removed.Key.Cluster, -1);
        for (var i = 0; i < GateCount; i++)
        {
            _gates[i] = new EntryGate();
        }
    }

    /// <summary>All gates, for changes that concern every key.</summary>
    public IReadOnlyList<EntryGate> Gates => _gates;

    /// <summary>Clusters that have or had entries, with the present number.</summary>
    public IEnumerable<KeyValuePair<string, long>> Counts => _counts.Select(static p => KeyValuePair.Create(p.Key, Volatile.Read(ref p.Value.Value)));

    /// <summary>The gate that changes of <paramref name="key"/> are made under.</summary>
    public EntryGate Gate(AffinityKey key) => _gates[(uint)key.GetHashCode() % GateCount];

    /// <summary>The entry of <paramref name="key"/>, lapsed or not.</summary>
    public AffinityEntry? Find(AffinityKey key) => _slots.TryGet(key, out var slot) ? slot.Entry : null;

    /// <summary>Writes an entry. The caller holds the gate.</summary>
    public void Set(AffinityKey key, AffinityEntry entry)
    {
        if (_slots.TryGet(key, out var slot))
        {
            slot.Entry = entry;
            return;
        }

        _slots.AddOrUpdate(key, new Slot(entry));
        Count(key.Cluster, 1);
    }

    /// <summary>Removes an entry. The caller holds the gate.</summary>
    public bool Remove(AffinityKey key) => _slots.TryRemove(key);

    /// <summary>A moving picture of the content; lapsed entries included.</summary>
    public IEnumerable<KeyValuePair<AffinityKey, AffinityEntry>> Enumerate()
    {
        foreach (var (key, slot) in _slots)
        {
            yield return KeyValuePair.Create(key, slot.Entry);
        }
    }

    private void Count(string cluster, long change) =>
        Interlocked.Add(ref _counts.GetOrAdd(cluster, static _ => new StrongBox<long>()).Value, change);

    private sealed class Slot(AffinityEntry entry)
    {
        private volatile AffinityEntry _entry = entry;

        public AffinityEntry Entry
        {
            get => _entry;
            set => _entry = value;
        }
    }
}
