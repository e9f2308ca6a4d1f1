namespace SmtpProxy.Configuration;

/// <summary>PROXY headers in front of client connections.</summary>
public sealed record ProxyProtocolConfig
{
    /// <summary>Whether a header is expected. Default <c>Off</c>.</summary>
    public ProxyProtocolMode Mode { get; init; } = ProxyProtocolMode.Off;

    /// <summary>Networks, as <c>10.0.0.0/8</c>, whose headers are believed. Needed unless <see cref="Mode"/> is <c>Off</c>.</summary>
    public IReadOnlyList<string> TrustedNetworks { get; init; } = [];

    /// <summary>How long the header may take; without it the connection is closed. Default 3 s.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(3);
}
