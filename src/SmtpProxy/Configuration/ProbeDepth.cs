namespace SmtpProxy.Configuration;

/// <summary>How far a health probe goes into the dialogue.</summary>
public enum ProbeDepth
{
    /// <summary>To the server's greeting.</summary>
    Connect,

    /// <summary>To the reply to EHLO.</summary>
    Ehlo,

    /// <summary>To the reply to MAIL FROM.</summary>
    Mail,

    /// <summary>To the reply to RCPT TO.</summary>
    Rcpt,
}
