namespace SmtpProxy.Host.Admin.Documents;

/// <summary>Affinity entries of a cluster.</summary>
/// <param name="Entries">The entries, in no order.</param>
/// <param name="Truncated">True when there are more than the limit.</param>
internal sealed record AffinityListDocument(IReadOnlyList<AffinityDocument> Entries, bool Truncated);
