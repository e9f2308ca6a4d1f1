namespace SmtpProxy.Model;

/// <summary>What a store keeps for one sender key: where its mail goes, until when.</summary>
/// <param name="Destination">Identifier of the destination within the cluster.</param>
/// <param name="Reason">Why the entry points there.</param>
/// <param name="AssignedAt">When the destination was chosen, UTC.</param>
/// <param name="ExpiresAt">When the entry lapses unless renewed, UTC.</param>
/// <param name="Generation">Grows with every change of destination; the token of compare-and-swap. 0 before a store has accepted the entry.</param>
/// <param name="AvoidedDestination">The destination that this sender was moved away from, or null.</param>
/// <param name="AvoidedUntil">Until when <paramref name="AvoidedDestination"/> is the last resort for this sender, UTC.</param>
/// <param name="IsFixed">True when use does not prolong it: an operator said until when.</param>
public sealed record AffinityEntry(
    string Destination,
    AffinityReason Reason,
    DateTimeOffset AssignedAt,
    DateTimeOffset ExpiresAt,
    long Generation,
    string? AvoidedDestination = null,
    DateTimeOffset? AvoidedUntil = null,
    bool IsFixed = false)
{
    /// <summary>True when the entry has lapsed at <paramref name="now"/>.</summary>
    public bool IsExpired(DateTimeOffset now) => now >= ExpiresAt;

    /// <summary>True when <paramref name="destination"/> is still avoided at <paramref name="now"/>.</summary>
    public bool Avoids(string destination, DateTimeOffset now) =>
        AvoidedUntil > now && string.Equals(AvoidedDestination, destination, StringComparison.OrdinalIgnoreCase);

    /// <summary>True when both came from one decision: what differs at most is the generation and a renewed expiry.</summary>
    public bool IsSameChoice(AffinityEntry other) =>
        Reason == other.Reason && AssignedAt == other.AssignedAt && string.Equals(Destination, other.Destination, StringComparison.Ordinal);
}
