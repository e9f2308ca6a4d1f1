using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>What this proxy knows of the entries: the store's, kept true by its watch, and its own decisions that the store does not know
/// yet. The store wins where both have decided.</summary>
internal sealed class AffinityCache(int maxEntries, WriteQueue writes, TimeProvider time) : IAffinityStoreWatcher
{
    private readonly EntryTable _table = new(maxEntries);

    /// <summary>Number of entries per cluster.</summary>
    public IEnumerable<KeyValuePair<string, long>> Counts => _table.Counts;

    /// <summary>The entry of <paramref name="key"/> if it has not lapsed.</summary>
    public AffinityEntry? Find(AffinityKey key) => _table.Find(key) is { } entry && !entry.IsExpired(time.GetUtcNow()) ? entry : null;

    /// <summary>All entries of a cluster that have not lapsed.</summary>
    public IEnumerable<KeyValuePair<AffinityKey, AffinityEntry>> List(string cluster)
    {
        var now = time.GetUtcNow();
        return _table.Enumerate().Where(pair => pair.Key.Cluster == cluster && !pair.Value.IsExpired(now));
    }

    /// <summary>Taken before a store call and given to <see cref="Accept"/> with its answer.</summary>
    public long Mark(AffinityKey key)
    {
        var gate = _table.Gate(key);
        lock (gate.Lock)
        {
            return gate.Version;
        }
    }

    /// <summary>Takes over the answer of a store call: the entry in force, or null for none.</summary>
    public void Accept(AffinityKey key, AffinityEntry? answer, long mark)
    {
        var gate = _table.Gate(key);
        lock (gate.Lock)
        {
            if (gate.Version == mark)
            {
                Write(key, answer);
            }
            else if (answer is not null && _table.Find(key) is { } current && answer.Generation > current.Generation)
            {
                Write(key, answer);
            }

            // Otherwise the watch has told of something since, perhaps of the removal of this very key; it also tells what comes after.
        }
    }

    /// <summary>Remembers a choice that the store could not be asked about, and queues it. Returns the entry in force: another session may
    /// have been first.</summary>
    public AffinityEntry Assign(AffinityKey key, AffinityEntry proposed)
    {
        lock (_table.Gate(key).Lock)
        {
            if (Find(key) is { } current)
            {
                return current;
            }

            writes.Add(key, PendingWrite.Assign(proposed));
            _table.Set(key, proposed);
            return proposed;
        }
    }

    /// <summary>Moves an entry that the store could not be asked about, and queues the move. Returns the entry in force.</summary>
    public AffinityEntry Move(AffinityKey key, AffinityEntry expected, AffinityEntry next)
    {
        lock (_table.Gate(key).Lock)
        {
            if (Find(key) is { } current && (current.Generation != expected.Generation || !current.IsSameChoice(expected)))
            {
                return current;
            }

            var moved = next with { Generation = expected.Generation };
            writes.Add(key, PendingWrite.Move(moved, expected.Generation));
            _table.Set(key, moved);
            return moved;
        }
    }

    /// <summary>Prolongs an entry and queues the renewal, unless it has changed since it was read.</summary>
    public void Extend(AffinityKey key, AffinityEntry entry, DateTimeOffset expiresAt)
    {
        lock (_table.Gate(key).Lock)
        {
            var renewed = entry with { ExpiresAt = expiresAt };
            if (ReferenceEquals(_table.Find(key), entry) && writes.Add(key, PendingWrite.Renew(renewed)))
            {
                _table.Set(key, renewed);
            }
        }
    }

    /// <summary>Forgets an entry and what is queued for it.</summary>
    public void Forget(AffinityKey key)
    {
        var gate = _table.Gate(key);
        lock (gate.Lock)
        {
            gate.Version++;
            Drop(key);
        }
    }

    /// <summary>Forgets the entries of a cluster, or those of one destination in it.</summary>
    public void ForgetAll(string cluster, string? destination)
    {
        foreach (var (key, entry) in _table.Enumerate())
        {
            if (key.Cluster == cluster && (destination is null || string.Equals(entry.Destination, destination, StringComparison.OrdinalIgnoreCase)))
            {
                Forget(key);
            }
        }
    }

    /// <summary>Removes what has lapsed.</summary>
    public void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var (key, entry) in _table.Enumerate())
        {
            if (entry.IsExpired(now))
            {
                lock (_table.Gate(key).Lock)
                {
                    if (_table.Find(key)?.IsExpired(now) == true)
                    {
                        Drop(key);
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    public void OnChanged(AffinityKey key, AffinityEntry entry)
    {
        var gate = _table.Gate(key);
        lock (gate.Lock)
        {
            gate.Version++;
            var current = _table.Find(key);
            if (current is null || entry.Generation > current.Generation
                || (entry.Generation == current.Generation && entry.ExpiresAt > current.ExpiresAt))
            {
                Write(key, entry);
            }
        }
    }

    /// <inheritdoc/>
    public void OnRemoved(AffinityKey key)
    {
        var gate = _table.Gate(key);
        lock (gate.Lock)
        {
            gate.Version++;
            Write(key, entry: null);
        }
    }

    /// <inheritdoc/>
    public void OnReset(IReadOnlyCollection<KeyValuePair<AffinityKey, AffinityEntry>> current)
    {
        foreach (var gate in _table.Gates)
        {
            lock (gate.Lock)
            {
                gate.Version++;
            }
        }

        var present = current.Select(static pair => pair.Key).ToHashSet();
        foreach (var (key, _) in _table.Enumerate())
        {
            if (!present.Contains(key))
            {
                lock (_table.Gate(key).Lock)
                {
                    Write(key, entry: null);
                }
            }
        }

        // Whatever the generations say: a store that was set up anew counts from the start.
        foreach (var (key, entry) in current)
        {
            lock (_table.Gate(key).Lock)
            {
                Write(key, entry);
            }
        }
    }

    // What the store says of a key; a decision of our own that is as new or newer stands until it is reconciled.
    private void Write(AffinityKey key, AffinityEntry? entry)
    {
        if (writes.Find(key) is { IsDecision: true } own && (entry is null || entry.Generation <= own.BaseGeneration))
        {
            return;
        }

        if (entry is null)
        {
            Drop(key);
            return;
        }

        if (_table.Find(key) is { } current && current.Generation != entry.Generation)
        {
            writes.Remove(key);
        }

        _table.Set(key, entry);
    }

    private void Drop(AffinityKey key)
    {
        writes.Remove(key);
        _table.Remove(key);
    }
}
