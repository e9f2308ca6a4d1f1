namespace SmtpProxy.Protocol.Scripts;

/// <summary>What a step of a script is about: a script that fails is reported by the phase it failed in.</summary>
public enum SmtpPhase : byte
{
    /// <summary>Not begun.</summary>
    None = 0,

    /// <summary>The server's greeting.</summary>
    Greeting = 1,

    /// <summary>EHLO, or HELO for a server that knows no EHLO.</summary>
    Ehlo = 2,

    /// <summary>MAIL FROM.</summary>
    Mail = 3,

    /// <summary>RCPT TO.</summary>
    Rcpt = 4,

    /// <summary>RSET.</summary>
    Reset = 5,

    /// <summary>QUIT.</summary>
    Quit = 6,

    /// <summary>STARTTLS.</summary>
    StartTls = 7,

    /// <summary>XCLIENT, up to the new greeting.</summary>
    XClient = 8,
}
