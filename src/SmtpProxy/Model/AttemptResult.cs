namespace SmtpProxy.Model;

/// <summary>How one attempt of a transaction at one destination ended.</summary>
public enum AttemptResult : byte
{
    /// <summary>Not ended.</summary>
    None = 0,

    /// <summary>The server's verdict was passed to the client.</summary>
    Answered = 1,

    /// <summary>The connection was refused, reset or closed.</summary>
    ConnectionLost = 2,

    /// <summary>A deadline passed.</summary>
    TimedOut = 3,

    /// <summary>The server answered that it cannot serve now.</summary>
    Refused = 4,

    /// <summary>The server broke the protocol: disagreeing lines, surplus replies.</summary>
    ProtocolError = 5,

    /// <summary>The server lacks an extension that the transaction needs.</summary>
    NotCapable = 6,

    /// <summary>A kept session turned out to be dead; a fresh one takes its place.</summary>
    StaleSession = 7,

    /// <summary>The client gave up: RSET, QUIT or a lost connection.</summary>
    Abandoned = 8,

    /// <summary>No connection became free in time.</summary>
    QueueTimedOut = 9,

    /// <summary>The server's answers to the replayed envelope differ from those already given.</summary>
    Disagreed = 10,

    /// <summary>The server's reply passed a limit.</summary>
    ReplyTooLong = 11,

    /// <summary>The proxy itself lacked a descriptor or memory for the connection, which says nothing of the server.</summary>
    OutOfResources = 12,
}
