namespace SmtpProxy.Host.Admin.Documents;

/// <summary>A cluster.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="LoadBalancingPolicy">How a destination is chosen for a new sender.</param>
/// <param name="AffinityPolicy">What affinity is kept for; null when it is off.</param>
/// <param name="AffinityEntries">Number of entries: the store's, or those in memory while it is away.</param>
/// <param name="Destinations">Its servers.</param>
internal sealed record ClusterDocument(
    string Id,
    string LoadBalancingPolicy,
    string? AffinityPolicy,
    long AffinityEntries,
    IReadOnlyList<DestinationDocument> Destinations);
