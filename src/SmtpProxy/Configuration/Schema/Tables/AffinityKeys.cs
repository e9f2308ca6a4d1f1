using SmtpProxy.Configuration.Schema.Kinds;

namespace SmtpProxy.Configuration.Schema.Tables;

/// <summary>Keys of <c>SmtpProxy:Clusters:*:SessionAffinity</c>.</summary>
internal static class AffinityKeys
{
    /// <summary>Keys of <see cref="SessionAffinityConfig"/>.</summary>
    public static ConfigSchema<SessionAffinityConfig> SessionAffinity { get; } = new ConfigSchema<SessionAffinityConfig>()
        .Value(x => x.Enabled, Kind.Switch, "Keep senders on one destination.")
        .Value(x => x.Policy, Kind.Name(SenderKeyPolicies.All), "What affinity is kept for.")
        .Value(x => x.FailurePolicy, Kind.Name(AffinityFailurePolicies.All), "What happens while the destination cannot be used.")
        .Value(x => x.Ttl, Kind.Lifetime, "How long an entry lives.")
        .Value(x => x.Sliding, Kind.Switch, "Use renews an entry; false: it ends `Ttl` after it was made.")
        .Value(x => x.RerouteAfter, Kind.Number(1, 1_000), "Consecutive failures of a sender that move its entry.")
        .Value(x => x.FailureWindow, Kind.Lifetime, "Failures further apart than this are not consecutive.")
        .Value(x => x.AvoidFor, Kind.Wait, "How long the destination a sender was moved from is avoided for it.")
        .Value(x => x.FoldLocalPart, Kind.Switch, "Local parts that differ in case only are one sender.")
        .Value(x => x.NullSenderKey, Kind.Name(SenderKeyPolicies.All),
            "The policy that gives the null sender a key; null: it has no affinity.")
        .Value(x => x.CountCodes, Kind.List(Kind.TransientCode),
            "Enhanced codes about recipient or policy, as `4.7.1`, that are failures of the sender, too.")
        .Value(x => x.Normalizers, Kind.List(Kind.Name(SenderNormalizers.All)),
            "Steps that map return paths of one sender to one key, in this order.");
}
