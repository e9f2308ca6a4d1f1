namespace SmtpProxy.Affinity;

/// <summary>What serialises the changes of a group of keys, and counts those that came from outside.</summary>
internal sealed class EntryGate
{
    /// <summary>Held while an entry is read, judged and written.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Grows with every change that the store reported. Read before a store call and compared after it: when it is the same, the
    /// answer of the call is newer than what is in the table.</summary>
    public long Version { get; set; }
}
