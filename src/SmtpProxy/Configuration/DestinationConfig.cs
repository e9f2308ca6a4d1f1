using System.Collections.Frozen;

namespace SmtpProxy.Configuration;

/// <summary>One mail server.</summary>
public sealed record DestinationConfig
{
    /// <summary><c>host:port</c> or <c>host</c>; port 25 by default. Required.</summary>
    public string Address { get; init; } = string.Empty;

    /// <summary>Share of the senders relative to the others; 0: no new ones. Default 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>What the constraints of routes are matched with.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>What differs from the connection settings of the cluster.</summary>
    public ConnectionOverrides Connection { get; init; } = new();
}
