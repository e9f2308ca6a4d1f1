namespace SmtpProxy.Configuration;

/// <summary>How a server learns who the client is.</summary>
public enum IdentityMode
{
    /// <summary>Not at all: the server sees the proxy's address.</summary>
    None,

    /// <summary>A PROXY protocol header, text form.</summary>
    ProxyV1,

    /// <summary>A PROXY protocol header, binary form.</summary>
    ProxyV2,

    /// <summary>The XCLIENT command of Postfix: the client counts for access rules.</summary>
    XClient,

    /// <summary>The XFORWARD command of Postfix: the client appears in the log only.</summary>
    XForward,
}
