namespace SmtpProxy.Protocol;

/// <summary>A command verb (RFC 5321 section 4.1.1 and extensions).</summary>
public enum SmtpVerb : byte
{
    /// <summary>An empty line.</summary>
    None = 0,

    /// <summary>A verb that is not listed here.</summary>
    Unknown,

    /// <summary>EHLO.</summary>
    Ehlo,

    /// <summary>HELO.</summary>
    Helo,

    /// <summary>MAIL.</summary>
    Mail,

    /// <summary>RCPT.</summary>
    Rcpt,

    /// <summary>DATA.</summary>
    Data,

    /// <summary>BDAT (RFC 3030).</summary>
    Bdat,

    /// <summary>RSET.</summary>
    Rset,

    /// <summary>NOOP.</summary>
    Noop,

    /// <summary>QUIT.</summary>
    Quit,

    /// <summary>HELP.</summary>
    Help,

    /// <summary>VRFY.</summary>
    Vrfy,

    /// <summary>EXPN.</summary>
    Expn,

    /// <summary>ETRN (RFC 1985).</summary>
    Etrn,

    /// <summary>STARTTLS (RFC 3207).</summary>
    StartTls,

    /// <summary>AUTH (RFC 4954).</summary>
    Auth,
}
