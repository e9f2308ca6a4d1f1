namespace SmtpProxy.Model;

/// <summary>Why a client session ended. Names leave the process as metric labels and log fields.</summary>
public enum SessionEnd : byte
{
    /// <summary>Not ended.</summary>
    None = 0,

    /// <summary>The client said QUIT.</summary>
    Quit = 1,

    /// <summary>The client closed without QUIT.</summary>
    ClientClosed = 2,

    /// <summary>The connection was reset.</summary>
    ClientReset = 3,

    /// <summary>Too many connections, in all or of this client.</summary>
    ConnectionLimit = 4,

    /// <summary>Too many errors.</summary>
    ErrorLimit = 5,

    /// <summary>Idle for too long.</summary>
    TimedOut = 6,

    /// <summary>The proxy shuts down.</summary>
    Drained = 7,

    /// <summary>The client broke the protocol in a way that leaves no safe continuation.</summary>
    ProtocolError = 8,

    /// <summary>A fault of the proxy.</summary>
    Fault = 9,

    /// <summary>The TLS handshake failed or took too long.</summary>
    TlsFailed = 10,

    /// <summary>In session mode: the server closed or fell silent.</summary>
    ServerLost = 11,

    /// <summary>The server that the client had logged in to was lost.</summary>
    LoginLost = 12,
}
