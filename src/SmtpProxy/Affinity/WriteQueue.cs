using System.Threading.Channels;

namespace SmtpProxy.Affinity;

/// <summary>Writes that wait for the store: bounded, one per key, the oldest key first.</summary>
internal sealed class WriteQueue(int limit, AffinityMetrics metrics)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AffinityKey, LinkedListNode<Item>> _byKey = [];
    private readonly LinkedList<Item> _order = [];

    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Number of keys that wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byKey.Count;
            }
        }
    }

    /// <summary>Ends when something may wait.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _signal.Reader.ReadAsync(cancellationToken);

    /// <summary>Queues a write, merged with one that waits for the same key. False when there is no room.</summary>
    public bool Add(AffinityKey key, PendingWrite write) => Merge(key, write, isNewer: true);

    /// <summary>Queues a write again that could not be done, merged with what came in meanwhile.</summary>
    public void PutBack(AffinityKey key, PendingWrite write) => Merge(key, write, isNewer: false);

    /// <summary>The write that waits for a key, or null.</summary>
    public PendingWrite? Find(AffinityKey key)
    {
        lock (_lock)
        {
            return _byKey.TryGetValue(key, out var node) ? node.Value.Write : null;
        }
    }

    /// <summary>Forgets the write of a key.</summary>
    public void Remove(AffinityKey key)
    {
        lock (_lock)
        {
            if (_byKey.Remove(key, out var node))
            {
                _order.Remove(node);
            }
        }
    }

    /// <summary>Takes up to <paramref name="count"/> writes out.</summary>
    public List<KeyValuePair<AffinityKey, PendingWrite>> Take(int count)
    {
        lock (_lock)
        {
            var taken = new List<KeyValuePair<AffinityKey, PendingWrite>>(Math.Min(count, _byKey.Count));
            while (taken.Count < count && _order.First is { } first)
            {
                _order.RemoveFirst();
                _byKey.Remove(first.Value.Key);
                taken.Add(KeyValuePair.Create(first.Value.Key, first.Value.Write));
            }

            return taken;
        }
    }

    private bool Merge(AffinityKey key, PendingWrite write, bool isNewer)
    {
        lock (_lock)
        {
            if (_byKey.TryGetValue(key, out var node))
            {
                var waiting = node.Value.Write;
                node.Value = new Item(key, isNewer ? waiting.Then(write) : write.Then(waiting));
            }
            else if (_byKey.Count < limit)
            {
                _byKey.Add(key, _order.AddLast(new Item(key, write)));
            }
            else
            {
                metrics.CountDroppedWrite();
                return false;
            }
        }

        _signal.Writer.TryWrite(true);
        return true;
    }

    private readonly record struct Item(AffinityKey Key, PendingWrite Write);
}
