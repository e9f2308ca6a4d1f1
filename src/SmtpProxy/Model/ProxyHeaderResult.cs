namespace SmtpProxy.Model;

/// <summary>What came of the PROXY header that a connection had to begin with. Names leave the process as metric labels.</summary>
public enum ProxyHeaderResult : byte
{
    /// <summary>Not looked yet.</summary>
    None = 0,

    /// <summary>The header names the client.</summary>
    Accepted = 1,

    /// <summary>The header names nobody (LOCAL, UNKNOWN): the connection is the balancer's own, as that of a health check.</summary>
    Local = 2,

    /// <summary>The connection came from outside the trusted networks; nothing of it was read.</summary>
    Untrusted = 3,

    /// <summary>Something else than a header came first.</summary>
    Missing = 4,

    /// <summary>It begins like a header, and is none.</summary>
    Malformed = 5,

    /// <summary>A header longer than allowed.</summary>
    TooLong = 6,

    /// <summary>The header was not there in time.</summary>
    TimedOut = 7,

    /// <summary>The connection ended before the header did.</summary>
    Closed = 8,

    /// <summary>The proxy shut down before the header was there.</summary>
    Drained = 9,
}
