namespace SmtpProxy.Protocol;

/// <summary>Result of reading the argument of MAIL or RCPT.</summary>
public enum EnvelopeStatus : byte
{
    /// <summary>Not read yet.</summary>
    None = 0,

    /// <summary>Well-formed.</summary>
    Ok,

    /// <summary>Not of the form FROM: path or TO: path: 501 5.5.4.</summary>
    Syntax,

    /// <summary>The path is wrong: 501 5.1.7 for a sender, 501 5.1.3 for a recipient.</summary>
    BadPath,

    /// <summary>The path has octets above 127 and SMTPUTF8 was not asked for, or they are no UTF-8: 553 5.6.7 (RFC 6531 section 3.5).</summary>
    NonAsciiPath,

    /// <summary>A parameter that nobody knows: 555 5.5.4 (RFC 5321 section 4.1.1.11).</summary>
    UnknownParameter,

    /// <summary>A parameter given twice: 501 5.5.4.</summary>
    DuplicateParameter,

    /// <summary>A parameter with a wrong value: 501 5.5.4.</summary>
    BadParameter,
}
