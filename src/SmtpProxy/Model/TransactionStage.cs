namespace SmtpProxy.Model;

/// <summary>A step of one transaction towards a server. Names leave the process as metric labels and log fields.</summary>
public enum TransactionStage : byte
{
    /// <summary>Before a server was chosen.</summary>
    None = 0,

    /// <summary>Waiting for a free connection to the destination.</summary>
    Queue = 1,

    /// <summary>TCP connect.</summary>
    Connect = 2,

    /// <summary>The server's greeting.</summary>
    Greeting = 3,

    /// <summary>EHLO or HELO.</summary>
    Ehlo = 4,

    /// <summary>MAIL FROM.</summary>
    Mail = 5,

    /// <summary>RCPT TO.</summary>
    Rcpt = 6,

    /// <summary>DATA up to the 354.</summary>
    Data = 7,

    /// <summary>The message text.</summary>
    Body = 8,

    /// <summary>The reply to the end of data.</summary>
    FinalReply = 9,

    /// <summary>RSET on a kept session.</summary>
    Reset = 10,

    /// <summary>STARTTLS and the handshake with a server.</summary>
    Tls = 11,

    /// <summary>Telling the server who the client is.</summary>
    Identity = 12,

    /// <summary>AUTH with all that is said until it is answered.</summary>
    Auth = 13,
}
