using System.Net;
using Microsoft.AspNetCore.Connections;
using SmtpProxy.Model;
using SmtpProxy.Protocol.ProxyProtocol;

namespace SmtpProxy.Connections;

/// <summary>Whose PROXY headers are believed, and how long they are waited for.</summary>
public sealed record ProxyProtocolOptions
{
    /// <summary>Networks whose headers are believed; all other connections are closed. Default: none.</summary>
    public IReadOnlyList<IPNetwork> TrustedNetworks { get; init; } = [];

    /// <summary>How long the whole header may take. Default 3 s.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Most octets behind the fixed part of a header of version 2. Default 4096; the format allows 65535.</summary>
    public int MaxHeaderLength { get; init; } = ProxyHeader.DefaultMaxV2Length;

    /// <summary>Called once per connection, before anything behind the header is read. Must not throw.</summary>
    public Action<ConnectionContext, ProxyHeaderResult>? OnResult { get; init; }
}
