namespace SmtpProxy.Configuration;

/// <summary>Whether connections to a listener begin with a PROXY header.</summary>
public enum ProxyProtocolMode
{
    /// <summary>No header is expected.</summary>
    Off,

    /// <summary>A header from a trusted network is used; without one the socket's address counts.</summary>
    Optional,

    /// <summary>No header, no service.</summary>
    Required,
}
