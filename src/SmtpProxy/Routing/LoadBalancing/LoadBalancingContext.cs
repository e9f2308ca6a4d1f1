using SmtpProxy.Model;

namespace SmtpProxy.Routing.LoadBalancing;

/// <summary>All that a load balancing policy may look at.</summary>
/// <param name="cluster">The pool.</param>
/// <param name="key">The sender key, or none.</param>
/// <param name="available">The destinations to choose from.</param>
public readonly ref struct LoadBalancingContext(ClusterState cluster, SenderKey key, ReadOnlySpan<DestinationState> available)
{
    /// <summary>The pool.</summary>
    public ClusterState Cluster { get; } = cluster;

    /// <summary>The sender key, or none.</summary>
    public SenderKey Key { get; } = key;

    /// <summary>True while the affinity store is away: what the key alone decides is then the same at all proxies, what load decides is not.</summary>
    public bool IsStoreAway { get; init; }

    /// <summary>The destinations to choose from, in the order of the cluster.
    /// Either all of them have a weight above 0 or none has.</summary>
    public ReadOnlySpan<DestinationState> Available { get; } = available;
}
