namespace SmtpProxy.Host.Admin.Documents;

/// <summary>Where a transaction would go, and why.</summary>
/// <param name="Sender">The sender that was asked about.</param>
/// <param name="Route">The route that matches; null when none does.</param>
/// <param name="Cluster">Its cluster.</param>
/// <param name="Key">The canonical form of the sender that affinity is kept for; null when there is none.</param>
/// <param name="Entry">The affinity entry in force; null without one.</param>
/// <param name="Hashed">Where the sender would go without an entry.</param>
/// <param name="Candidates">The destinations in the order they would be tried.</param>
internal sealed record ExplainDocument(
    string Sender,
    string? Route,
    string? Cluster,
    string? Key,
    AffinityDocument? Entry,
    string? Hashed,
    IReadOnlyList<string> Candidates);
