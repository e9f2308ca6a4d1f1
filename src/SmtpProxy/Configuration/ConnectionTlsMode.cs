namespace SmtpProxy.Configuration;

/// <summary>How connections to a server use TLS.</summary>
public enum ConnectionTlsMode
{
    /// <summary>No TLS.</summary>
    None,

    /// <summary>TLS when the server offers it, whatever its certificate says; in clear when it does not, or when the handshake fails.</summary>
    Opportunistic,

    /// <summary>TLS or no mail; the certificate is not checked.</summary>
    Required,

    /// <summary>TLS with a certificate whose chain and name are right.</summary>
    Verify,
}
