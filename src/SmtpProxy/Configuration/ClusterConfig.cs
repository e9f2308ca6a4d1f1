using System.Collections.Frozen;

namespace SmtpProxy.Configuration;

/// <summary>A pool of mail servers.</summary>
public sealed record ClusterConfig
{
    /// <summary>How a destination is chosen for a new sender. Default <see cref="LoadBalancingPolicies.BoundedRendezvous"/>.</summary>
    public string LoadBalancingPolicy { get; init; } = LoadBalancingPolicies.BoundedRendezvous;

    /// <summary>How senders are kept on one destination.</summary>
    public SessionAffinityConfig SessionAffinity { get; init; } = new();

    /// <summary>How it is found out which destinations work.</summary>
    public HealthCheckConfig HealthCheck { get; init; } = new();

    /// <summary>How servers are talked to.</summary>
    public ConnectionConfig Connection { get; init; } = new();

    /// <summary>When the load of a destination sends senders elsewhere.</summary>
    public OverflowConfig Overflow { get; init; } = new();

    /// <summary>The servers, by name. At least one.</summary>
    public IReadOnlyDictionary<string, DestinationConfig> Destinations { get; init; } = FrozenDictionary<string, DestinationConfig>.Empty;
}
