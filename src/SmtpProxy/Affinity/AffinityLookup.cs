using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>What affinity says of one transaction.</summary>
/// <param name="Entry">The entry in force, or null when there is none.</param>
/// <param name="Use">How it came about; <see cref="AffinityUse.Hash"/> without an entry: the store could not be asked.</param>
internal readonly record struct AffinityLookup(AffinityEntry? Entry, AffinityUse Use)
{
    /// <summary>No entry and no reason for one.</summary>
    public static AffinityLookup None => default;

    /// <summary>An entry that was there already.</summary>
    public static AffinityLookup Found(AffinityEntry entry) => new(entry, UseOf(entry));

    private static AffinityUse UseOf(AffinityEntry entry) =>
        entry.Reason is AffinityReason.Rerouted or AffinityReason.Rebalanced ? AffinityUse.Moved
        : entry.Generation == 0 ? AffinityUse.Hash
        : AffinityUse.Hit;
}
