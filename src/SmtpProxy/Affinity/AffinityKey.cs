namespace SmtpProxy.Affinity;

/// <summary>Key of an affinity entry in a store.</summary>
/// <param name="Cluster">Identifier of the cluster.</param>
/// <param name="Key">The sender key as it may be kept: hashed, or plain if the operator asked for it.</param>
public readonly record struct AffinityKey(string Cluster, string Key);
