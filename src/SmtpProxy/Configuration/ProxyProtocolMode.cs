namespace SmtpProxy.Configuration;

/// <summary>Whether connections to a listener begin with a PROXY header.</summary>
public enum ProxyProtocolMode
{
    /// <summary>No header is expected.</summary>
    Off,

    /// <summary>No header of a trusted network, no service: the connection is closed.</summary>
    Required,
}
