namespace SmtpProxy.Model;

/// <summary>A limit that was hit. Names leave the process as metric labels; those that begin with Server are the keys of
/// <c>Clusters:*:Connection</c>, the others those of a listener, of the affinity store or of the proxy.</summary>
public enum LimitKind : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Connections of one listener.</summary>
    MaxConnections = 1,

    /// <summary>Connections of one client address.</summary>
    MaxConnectionsPerClient = 2,

    /// <summary>Errors of one session.</summary>
    MaxErrors = 3,

    /// <summary>Length of a command line.</summary>
    MaxCommandLine = 4,

    /// <summary>Length of a line within AUTH.</summary>
    MaxAuthLine = 5,

    /// <summary>Recipients of a transaction.</summary>
    MaxRecipients = 6,

    /// <summary>Commands in one group: the group was cut.</summary>
    MaxPipelinedCommands = 7,

    /// <summary>A client's silence between commands.</summary>
    CommandTimeout = 8,

    /// <summary>A client's silence within a text.</summary>
    BodyTimeout = 9,

    /// <summary>A client's TLS handshake.</summary>
    HandshakeTimeout = 10,

    /// <summary>A client's PROXY header.</summary>
    HeaderTimeout = 11,

    /// <summary>Connecting to a server.</summary>
    ServerConnectTimeout = 12,

    /// <summary>A server's greeting and its answer to EHLO.</summary>
    ServerGreetingTimeout = 13,

    /// <summary>A server's answers to MAIL and RCPT.</summary>
    ServerCommandTimeout = 14,

    /// <summary>A server's answer to DATA.</summary>
    ServerDataTimeout = 15,

    /// <summary>A server that takes no text.</summary>
    ServerBodyTimeout = 16,

    /// <summary>A server's answer to the end of the text.</summary>
    ServerFinalReplyTimeout = 17,

    /// <summary>Waiting for a free connection, in time or in number.</summary>
    ServerQueue = 18,

    /// <summary>Size of a server's reply: of one line, of all, or their number.</summary>
    ServerMaxReply = 19,

    /// <summary>Servers tried for one transaction, in number or in time.</summary>
    ServerMaxAttempts = 20,

    /// <summary>A server's answer to STARTTLS, and its TLS handshake.</summary>
    ServerHandshakeTimeout = 21,

    /// <summary>Handshakes with clients at a time: one had to wait.</summary>
    MaxConcurrentHandshakes = 22,

    /// <summary>Senders whose failures are counted: one was forgotten.</summary>
    MaxFailingSenders = 23,

    /// <summary>Senders that wait to be moved: one more was left where it is.</summary>
    MaxQueuedMoves = 24,

    /// <summary>Commands of a spliced session that wait for replies: it is not followed any more.</summary>
    MaxSplicedCommands = 25,

    /// <summary>Open files that connections leave free: a client was refused, or a server not connected to.</summary>
    ReservedDescriptors = 26,
}
