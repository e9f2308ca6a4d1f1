namespace SmtpProxy.Relay;

/// <summary>What ended a spliced session.</summary>
internal enum SpliceEnd : byte
{
    /// <summary>Not ended.</summary>
    None = 0,

    /// <summary>The client said QUIT and got its answer.</summary>
    Quit,

    /// <summary>The client closed, and all that was due to it was sent.</summary>
    ClientClosed,

    /// <summary>The client was reset or takes nothing.</summary>
    ClientLost,

    /// <summary>The client was silent for too long.</summary>
    ClientTimedOut,

    /// <summary>The server closed or was reset.</summary>
    ServerClosed,

    /// <summary>The server owed an answer for too long.</summary>
    ServerTimedOut,

    /// <summary>A bare CR or LF made the end of a text ambiguous; the text was read to its true end.</summary>
    BareNewline,

    /// <summary>Text came without the go-ahead, and the server did not want it.</summary>
    RefusedText,

    /// <summary>The proxy ends the session.</summary>
    Drained,
}
