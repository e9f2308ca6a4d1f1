namespace SmtpProxy.TestKit.Cases;

/// <summary>The etcd of a case.</summary>
public sealed record CaseEtcdSettings
{
    /// <summary>How many nodes it has: one.</summary>
    public int Members { get; init; } = 1;
}
