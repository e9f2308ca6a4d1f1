namespace SmtpProxy.Model;

/// <summary>What became of a transaction. Names leave the process as metric labels and log fields.</summary>
public enum TransactionOutcome : byte
{
    /// <summary>Not ended.</summary>
    None = 0,

    /// <summary>The client was told 2xx after the end of data.</summary>
    Relayed = 1,

    /// <summary>The client was told 4xx.</summary>
    Deferred = 2,

    /// <summary>The client was told 5xx.</summary>
    Rejected = 3,

    /// <summary>The end of data was sent and the server's answer never came; the client was told 4xx.</summary>
    Lost = 4,

    /// <summary>The client ended the transaction itself: RSET, QUIT, EHLO or a lost connection.</summary>
    Aborted = 5,
}
