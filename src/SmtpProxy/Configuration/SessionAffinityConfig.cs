namespace SmtpProxy.Configuration;

/// <summary>How senders are kept on one destination, and when one is moved.</summary>
public sealed record SessionAffinityConfig
{
    /// <summary>Keep senders on one destination. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What affinity is kept for. Default <see cref="SenderKeyPolicies.SenderAddress"/>.</summary>
    public string Policy { get; init; } = SenderKeyPolicies.SenderAddress;

    /// <summary>What happens while the destination cannot be used. Default <see cref="AffinityFailurePolicies.Redistribute"/>.</summary>
    public string FailurePolicy { get; init; } = AffinityFailurePolicies.Redistribute;

    /// <summary>How long an entry lives. Default 30 min.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Use renews an entry; false: it ends <see cref="Ttl"/> after it was made. Default true.</summary>
    public bool Sliding { get; init; } = true;

    /// <summary>Consecutive failures of a sender that move its entry. Default 3.</summary>
    public int RerouteAfter { get; init; } = 3;

    /// <summary>Failures further apart than this are not consecutive. Default 10 min.</summary>
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the destination a sender was moved from is avoided for it. Default 15 min.</summary>
    public TimeSpan AvoidFor { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Local parts that differ in case only are one sender. Default false.</summary>
    public bool FoldLocalPart { get; init; }

    /// <summary>The policy that gives the null sender a key; null: it has no affinity. Default null.</summary>
    public string? NullSenderKey { get; init; }

    /// <summary>Enhanced codes about recipient or policy, as <c>4.7.1</c>, that are failures of the sender, too. Default empty.</summary>
    public IReadOnlyList<string> CountCodes { get; init; } = [];

    /// <summary>Steps that map return paths of one sender to one key, in this order. Default all.</summary>
    public IReadOnlyList<string> Normalizers { get; init; } = SenderNormalizers.All;
}
