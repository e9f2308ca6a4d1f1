using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>Told by a store what changed, by this process or by another one. Must return at once.</summary>
public interface IAffinityStoreWatcher
{
    /// <summary>The entry of <paramref name="key"/> is now <paramref name="entry"/>.</summary>
    void OnChanged(AffinityKey key, AffinityEntry entry);

    /// <summary>The entry of <paramref name="key"/> is gone.</summary>
    void OnRemoved(AffinityKey key);

    /// <summary>Changes may have been missed: entries kept in memory must be asked for again unless they are among <paramref name="current"/>,
    /// the whole present content.</summary>
    void OnReset(IReadOnlyCollection<KeyValuePair<AffinityKey, AffinityEntry>> current);
}
