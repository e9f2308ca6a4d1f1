namespace SmtpProxy.Sessions;

/// <summary>How far a transaction has come, as far as the order of commands goes.</summary>
internal enum DialogueState : byte
{
    /// <summary>There is none.</summary>
    None = 0,

    /// <summary>MAIL was accepted or waits for its answer.</summary>
    Envelope,

    /// <summary>The same, for a text that only BDAT can carry (RFC 3030 section 3).</summary>
    BinaryEnvelope,

    /// <summary>A BDAT has come: the envelope is closed, and DATA is no way on any more.</summary>
    Chunks,
}
