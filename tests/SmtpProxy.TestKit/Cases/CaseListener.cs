namespace SmtpProxy.TestKit.Cases;

/// <summary>One of several listeners of a case.</summary>
public sealed record CaseListener
{
    /// <summary>Networks whose PROXY headers are believed, and needed; empty: a listener without PROXY.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];
}
