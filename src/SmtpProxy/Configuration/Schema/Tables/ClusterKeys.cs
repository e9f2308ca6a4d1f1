using SmtpProxy.Configuration.Schema.Kinds;

namespace SmtpProxy.Configuration.Schema.Tables;

/// <summary>Keys of <c>SmtpProxy:Clusters</c>.</summary>
internal static class ClusterKeys
{
    /// <summary>Keys of <see cref="ActiveHealthCheckConfig"/>.</summary>
    public static ConfigSchema<ActiveHealthCheckConfig> ActiveHealthCheck { get; } = new ConfigSchema<ActiveHealthCheckConfig>()
        .Value(x => x.Enabled, Kind.Switch, "Probe the destinations.")
        .Value(x => x.Interval, Kind.Timeout, "Time between two probes of a destination.")
        .Value(x => x.Timeout, Kind.Timeout, "How long one probe may take.")
        .Value(x => x.Fall, Kind.Number(1, 1_000), "Failed probes in a row after which a destination is down.")
        .Value(x => x.Rise, Kind.Number(1, 1_000), "Good probes in a row after which it is up again.")
        .Value(x => x.Depth, Kind.Choice<ProbeDepth>(), "How far a probe goes.")
        .Value(x => x.MailFrom, Kind.MailboxOrEmpty, "Sender of a probe; empty: the null sender.")
        .Value(x => x.RcptTo, Kind.Mailbox, "Recipient of a probe; needed for the depth `Rcpt`.")
        .Value(x => x.Port, Kind.Number(1, 65_535), "Port to probe; null: the port of the destination.");

    /// <summary>Keys of <see cref="PassiveHealthCheckConfig"/>.</summary>
    public static ConfigSchema<PassiveHealthCheckConfig> PassiveHealthCheck { get; } = new ConfigSchema<PassiveHealthCheckConfig>()
        .Value(x => x.Enabled, Kind.Switch, "Take destinations out whose failures pass a rate.");

    /// <summary>Keys of <see cref="HealthCheckConfig"/>.</summary>
    public static ConfigSchema<HealthCheckConfig> HealthCheck { get; } = new ConfigSchema<HealthCheckConfig>()
        .Section(x => x.Active, ActiveHealthCheck)
        .Section(x => x.Passive, PassiveHealthCheck);

    /// <summary>Keys of <see cref="OverflowConfig"/>.</summary>
    public static ConfigSchema<OverflowConfig> Overflow { get; } = new ConfigSchema<OverflowConfig>()
        .Value(x => x.Soft, Kind.Number(1, int.MaxValue), "Messages from which on no new senders come; null: no bound.")
        .Value(x => x.Hard, Kind.Number(1, int.MaxValue),
            "Messages from which on its senders are served elsewhere for the time being; null: no bound.");

    /// <summary>Keys of <see cref="DestinationConfig"/>.</summary>
    public static ConfigSchema<DestinationConfig> Destination { get; } = new ConfigSchema<DestinationConfig>()
        .Required(x => x.Address, Kind.ServerAddress, "`host:port` or `host`; port 25 by default.")
        .Value(x => x.Weight, Kind.Number(0, 1_000), "Share of the senders relative to the others; 0: no new ones.")
        .Value(x => x.Labels, Kind.Table<string>(Kind.Text), "What the constraints of routes are matched with.")
        .Section(x => x.Connection, ConnectionKeys.Overrides);

    /// <summary>Keys of <see cref="ClusterConfig"/>.</summary>
    public static ConfigSchema<ClusterConfig> Cluster { get; } = new ConfigSchema<ClusterConfig>()
        .Value(x => x.LoadBalancingPolicy, Kind.Name(LoadBalancingPolicies.All), "How a destination is chosen for a new sender.")
        .Section(x => x.SessionAffinity, AffinityKeys.SessionAffinity)
        .Section(x => x.HealthCheck, HealthCheck)
        .Section(x => x.Connection, ConnectionKeys.Connection)
        .Section(x => x.Overflow, Overflow)
        .Map(x => x.Destinations, Destination);
}
