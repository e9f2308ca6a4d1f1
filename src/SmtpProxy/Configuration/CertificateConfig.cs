namespace SmtpProxy.Configuration;

/// <summary>A certificate besides a listener's main one.</summary>
public sealed record CertificateConfig
{
    /// <summary>File of a certificate chain, PEM, for clients that name a host which the certificate holds (SNI). Required.</summary>
    public string Certificate { get; init; } = string.Empty;

    /// <summary>File of the private key, PEM; null: it is in the certificate file. Default null.</summary>
    public string? Key { get; init; }
}
