namespace SmtpProxy.Relay;

/// <summary>How the text of a message ended.</summary>
internal enum BodyEnd : byte
{
    /// <summary>Not ended.</summary>
    None = 0,

    /// <summary>All of it is on its way to the server, the end of data too.</summary>
    Sent = 1,

    /// <summary>The client went away in the middle. Nothing was completed.</summary>
    ClientClosed = 2,

    /// <summary>The client sent nothing for too long.</summary>
    ClientTimedOut = 3,

    /// <summary>A bare CR or LF made the end ambiguous; the text was read to its true end, the server got none of it from there on.</summary>
    BareNewline = 4,

    /// <summary>The server was lost in the middle; the text was read to its true end.</summary>
    ServerLost = 5,

    /// <summary>The proxy ends the session.</summary>
    Ended = 6,
}
