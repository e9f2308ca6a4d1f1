namespace SmtpProxy.Configuration;

/// <summary>How names of servers are looked up.</summary>
public sealed record DnsConfig
{
    /// <summary>Name servers as <c>ip:port</c>; empty: those of the system. Default empty.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];
}
