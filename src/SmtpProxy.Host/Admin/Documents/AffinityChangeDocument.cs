namespace SmtpProxy.Host.Admin.Documents;

/// <summary>Body of a PUT of an affinity entry.</summary>
/// <param name="Destination">Where the sender's mail shall go.</param>
/// <param name="Ttl">How long; absent: as long as the cluster keeps entries.</param>
internal sealed record AffinityChangeDocument(string? Destination, string? Ttl = null);
