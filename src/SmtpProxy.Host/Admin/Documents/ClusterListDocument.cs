namespace SmtpProxy.Host.Admin.Documents;

/// <summary>All clusters.</summary>
internal sealed record ClusterListDocument(IReadOnlyList<ClusterDocument> Clusters);
