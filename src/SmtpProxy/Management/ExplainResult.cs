using SmtpProxy.Model;

namespace SmtpProxy.Management;

/// <summary>Where a transaction would go, and why.</summary>
/// <param name="Route">The route that matches; null when none does.</param>
/// <param name="Cluster">Its cluster.</param>
/// <param name="Key">What affinity is kept for; null when it is not kept.</param>
/// <param name="Entry">The entry in force, or null.</param>
/// <param name="Hashed">Where the sender would go without an entry.</param>
/// <param name="Candidates">The destinations in the order in which they would be tried.</param>
internal sealed record ExplainResult(
    string? Route, string? Cluster, string? Key, AffinityEntry? Entry, string? Hashed, IReadOnlyList<string> Candidates);
