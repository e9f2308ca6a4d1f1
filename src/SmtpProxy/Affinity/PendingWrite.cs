using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>A write that waits for the store.</summary>
/// <param name="Kind">How it is reconciled.</param>
/// <param name="Entry">The entry that this proxy goes by meanwhile.</param>
/// <param name="BaseGeneration">The generation that the store had when this proxy decided; 0 for none.</param>
internal sealed record PendingWrite(PendingWriteKind Kind, AffinityEntry Entry, long BaseGeneration)
{
    /// <summary>True when the entry is this proxy's own decision, which the store does not know yet.</summary>
    public bool IsDecision => Kind != PendingWriteKind.Renew;

    /// <summary>A new entry.</summary>
    public static PendingWrite Assign(AffinityEntry entry) => new(PendingWriteKind.Assign, entry, BaseGeneration: 0);

    /// <summary>A moved entry.</summary>
    public static PendingWrite Move(AffinityEntry entry, long baseGeneration) =>
        baseGeneration == 0 ? Assign(entry) : new(PendingWriteKind.Move, entry, baseGeneration);

    /// <summary>A prolonged entry.</summary>
    public static PendingWrite Renew(AffinityEntry entry) =>
        entry.Generation == 0 ? Assign(entry) : new(PendingWriteKind.Renew, entry, entry.Generation);

    /// <summary>This write followed by <paramref name="later"/>, as one: the store is still where it was before this one.</summary>
    public PendingWrite Then(PendingWrite later) => IsDecision ? this with { Entry = later.Entry } : later;
}
