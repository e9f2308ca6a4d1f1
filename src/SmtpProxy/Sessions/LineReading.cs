namespace SmtpProxy.Sessions;

/// <summary>Where reading of the client's lines stopped.</summary>
internal enum LineReading : byte
{
    /// <summary>It goes on with the next line.</summary>
    None = 0,

    /// <summary>No whole line is left.</summary>
    NeedMore = 1,

    /// <summary>The gathered commands must be answered before anything else is read.</summary>
    RunGroup = 2,

    /// <summary>The session ends.</summary>
    End = 3,

    /// <summary>The client waits for TLS; nothing is left unread.</summary>
    StartTls = 4,

    /// <summary>AUTH, or an answer within its exchange, must be dealt with before anything else is read.</summary>
    RunAuth = 5,
}
