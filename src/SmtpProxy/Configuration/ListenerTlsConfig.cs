using System.Collections.Frozen;

namespace SmtpProxy.Configuration;

/// <summary>TLS towards clients.</summary>
public sealed record ListenerTlsConfig
{
    /// <summary>How TLS is offered. Default <c>None</c>.</summary>
    public ListenerTlsMode Mode { get; init; } = ListenerTlsMode.None;

    /// <summary>File of the certificate chain, PEM. Needed unless <see cref="Mode"/> is <c>None</c>.</summary>
    public string? Certificate { get; init; }

    /// <summary>File of the private key, PEM; null: it is in the certificate file. Default null.</summary>
    public string? Key { get; init; }

    /// <summary>More certificates, under names of the operator's choice; a client that names a host (SNI) gets the first that holds the host's
    /// name. Default none.</summary>
    public IReadOnlyDictionary<string, CertificateConfig> Certificates { get; init; } = FrozenDictionary<string, CertificateConfig>.Empty;

    /// <summary>Answer 530 to mail in clear. Default false.</summary>
    public bool RequireTls { get; init; }

    /// <summary>How long a handshake may take. Default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
