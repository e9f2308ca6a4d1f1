namespace SmtpProxy.Protocol;

/// <summary>Service extensions that the proxy knows (RFC 5321 section 2.2).</summary>
[Flags]
public enum SmtpExtensions : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>PIPELINING (RFC 2920).</summary>
    Pipelining = 1 << 0,

    /// <summary>ENHANCEDSTATUSCODES (RFC 2034).</summary>
    EnhancedStatusCodes = 1 << 1,

    /// <summary>SIZE (RFC 1870).</summary>
    Size = 1 << 2,

    /// <summary>8BITMIME (RFC 6152).</summary>
    EightBitMime = 1 << 3,

    /// <summary>SMTPUTF8 (RFC 6531).</summary>
    SmtpUtf8 = 1 << 4,

    /// <summary>DSN (RFC 3461).</summary>
    Dsn = 1 << 5,

    /// <summary>CHUNKING (RFC 3030).</summary>
    Chunking = 1 << 6,

    /// <summary>BINARYMIME (RFC 3030).</summary>
    BinaryMime = 1 << 7,

    /// <summary>DELIVERBY (RFC 2852).</summary>
    DeliverBy = 1 << 8,

    /// <summary>MT-PRIORITY (RFC 6710).</summary>
    MtPriority = 1 << 9,

    /// <summary>REQUIRETLS (RFC 8689).</summary>
    RequireTls = 1 << 10,

    /// <summary>AUTH (RFC 4954).</summary>
    Auth = 1 << 11,

    /// <summary>STARTTLS (RFC 3207).</summary>
    StartTls = 1 << 12,

    /// <summary>XCLIENT (Postfix).</summary>
    XClient = 1 << 13,

    /// <summary>XFORWARD (Postfix).</summary>
    XForward = 1 << 14,

    /// <summary>FUTURERELEASE (RFC 4865).</summary>
    FutureRelease = 1 << 15,
}
