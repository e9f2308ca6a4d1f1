namespace SmtpProxy.Relay;

/// <summary>What a command of a spliced dialogue was, as far as the reply to it tells something.</summary>
internal enum SpliceCommand : byte
{
    /// <summary>No command: the server spoke unasked.</summary>
    None = 0,

    /// <summary>EHLO or HELO.</summary>
    Hello,

    /// <summary>MAIL.</summary>
    Mail,

    /// <summary>RCPT.</summary>
    Rcpt,

    /// <summary>DATA.</summary>
    Data,

    /// <summary>BDAT without LAST.</summary>
    Chunk,

    /// <summary>The end of the text: the final dot, or BDAT LAST.</summary>
    Text,

    /// <summary>RSET.</summary>
    Reset,

    /// <summary>AUTH, or an answer within its exchange.</summary>
    Auth,

    /// <summary>STARTTLS.</summary>
    StartTls,

    /// <summary>QUIT.</summary>
    Quit,

    /// <summary>Anything else.</summary>
    Other,
}
