namespace SmtpProxy.Model;

/// <summary>How waiting for a server's reply ended.</summary>
public enum ReplyRead : byte
{
    /// <summary>Not ended.</summary>
    None = 0,

    /// <summary>A whole reply is there.</summary>
    Reply = 1,

    /// <summary>The server closed or reset the connection.</summary>
    Closed = 2,

    /// <summary>The deadline for the whole reply passed.</summary>
    TimedOut = 3,

    /// <summary>No reply at all, or its lines disagree (RFC 5321 section 4.2.1).</summary>
    ProtocolError = 4,

    /// <summary>The reply passed a limit.</summary>
    TooLong = 5,
}
