namespace SmtpProxy.Protocol.ProxyProtocol;

/// <summary>Result of looking for a PROXY header.</summary>
public enum ProxyHeaderStatus : byte
{
    /// <summary>Not looked yet.</summary>
    None = 0,

    /// <summary>So far a header; it is not complete.</summary>
    NeedMore,

    /// <summary>A whole header was read.</summary>
    Ok,

    /// <summary>The octets do not begin a header of any version.</summary>
    Absent,

    /// <summary>They begin a header, and are none.</summary>
    Malformed,

    /// <summary>A header that is longer than allowed.</summary>
    TooLong,
}
