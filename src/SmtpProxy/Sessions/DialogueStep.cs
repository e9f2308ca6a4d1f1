namespace SmtpProxy.Sessions;

/// <summary>What a command leads to.</summary>
internal enum DialogueStep : byte
{
    /// <summary>Not decided.</summary>
    None = 0,

    /// <summary>EHLO or HELO: a new greeting, which ends a running transaction.</summary>
    Greet,

    /// <summary>MAIL opens a transaction.</summary>
    Mail,

    /// <summary>RCPT belongs to the transaction.</summary>
    Rcpt,

    /// <summary>DATA belongs to the transaction.</summary>
    Data,

    /// <summary>BDAT belongs to the transaction, and so do its octets.</summary>
    Bdat,

    /// <summary>BDAT outside a transaction: its octets are skipped, then it is refused.</summary>
    StrayBdat,

    /// <summary>RSET ends the transaction.</summary>
    Reset,

    /// <summary>QUIT ends the session.</summary>
    Quit,

    /// <summary>250.</summary>
    Ok,

    /// <summary>214.</summary>
    Help,

    /// <summary>252.</summary>
    Verify,

    /// <summary>502: a verb that this server does not have.</summary>
    NotImplemented,

    /// <summary>500: no command at all.</summary>
    SyntaxError,

    /// <summary>501: an argument where none may be, or none where one must be.</summary>
    BadArgument,

    /// <summary>503: EHLO comes first.</summary>
    HelloFirst,

    /// <summary>503: a transaction runs already.</summary>
    NestedMail,

    /// <summary>503: no transaction runs.</summary>
    BadSequence,

    /// <summary>STARTTLS: the session begins anew under TLS.</summary>
    StartTls,

    /// <summary>530: STARTTLS comes first.</summary>
    TlsFirst,

    /// <summary>AUTH: the client logs in.</summary>
    Auth,

    /// <summary>538: no credentials in clear.</summary>
    EncryptionNeeded,
}
