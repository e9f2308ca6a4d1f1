namespace SmtpProxy.Configuration;

/// <summary>How names of servers are looked up.</summary>
public sealed record DnsConfig
{
    /// <summary>Name servers as <c>ip:port</c>. Default empty: those of the system.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];
}
