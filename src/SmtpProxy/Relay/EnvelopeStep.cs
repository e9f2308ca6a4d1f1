namespace SmtpProxy.Relay;

/// <summary>What to do with a server's answer to a command of the envelope.</summary>
internal enum EnvelopeStep : byte
{
    /// <summary>Not decided.</summary>
    None = 0,

    /// <summary>Pass the reply to the client.</summary>
    Answer = 1,

    /// <summary>The kept session was dead: the same destination again, on a fresh connection. Nobody's failure.</summary>
    Refresh = 2,

    /// <summary>The same destination once more on a fresh connection, then others.</summary>
    Replay = 3,

    /// <summary>The next candidate.</summary>
    FailOver = 4,
}
