using System.Collections.Concurrent;
using SmtpProxy.Affinity;
using SmtpProxy.Model;

namespace SmtpProxy.TestKit.Affinity;

/// <summary>Keeps what a store reports: the present picture and how often it was replaced whole.</summary>
public sealed class RecordingWatcher : IAffinityStoreWatcher
{
    private int _changes;
    private int _resets;

    public ConcurrentDictionary<AffinityKey, AffinityEntry> Current { get; } = new();

    public ConcurrentQueue<AffinityKey> Removed { get; } = new();

    public int Changes => Volatile.Read(ref _changes);

    public int Resets => Volatile.Read(ref _resets);

    public void OnChanged(AffinityKey key, AffinityEntry entry)
    {
        Current[key] = entry;
        Interlocked.Increment(ref _changes);
    }

    public void OnRemoved(AffinityKey key)
    {
        Current.TryRemove(key, out _);
        Removed.Enqueue(key);
    }

    public void OnReset(IReadOnlyCollection<KeyValuePair<AffinityKey, AffinityEntry>> current)
    {
        Current.Clear();
        foreach (var (key, entry) in current)
        {
            Current[key] = entry;
        }

        Interlocked.Increment(ref _resets);
    }
}
