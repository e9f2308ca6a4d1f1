namespace SmtpProxy.Protocol;

/// <summary>Result of looking for a server's whole reply.</summary>
public enum ReplyStatus : byte
{
    /// <summary>Not looked yet.</summary>
    None = 0,

    /// <summary>The reply is not complete.</summary>
    NeedMore,

    /// <summary>A whole reply was read.</summary>
    Complete,

    /// <summary>No reply: no three-digit code, or lines that disagree in it (RFC 5321 section 4.2.1).</summary>
    Malformed,

    /// <summary>A line, the whole, or the number of lines is over its limit.</summary>
    TooLong,
}
