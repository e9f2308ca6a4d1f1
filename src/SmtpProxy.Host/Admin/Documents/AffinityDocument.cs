namespace SmtpProxy.Host.Admin.Documents;

/// <summary>An affinity entry.</summary>
/// <param name="Sender">The sender that was asked about; in a listing the key as the store keeps it (hashed, unless keys are plain).</param>
/// <param name="Destination">Where its mail goes.</param>
/// <param name="Reason"><c>assigned</c>, <c>rerouted</c>, <c>pinned</c> or <c>rebalanced</c>.</param>
/// <param name="AssignedAt">When the destination was chosen.</param>
/// <param name="ExpiresAt">When the entry lapses unless renewed.</param>
/// <param name="Generation">Grows with every change of destination.</param>
/// <param name="AvoidedDestination">The destination that the sender was moved away from; absent when none is avoided.</param>
/// <param name="AvoidedUntil">Until when it is avoided.</param>
internal sealed record AffinityDocument(
    string Sender,
    string Destination,
    string Reason,
    DateTimeOffset AssignedAt,
    DateTimeOffset ExpiresAt,
    long Generation,
    string? AvoidedDestination = null,
    DateTimeOffset? AvoidedUntil = null);
