namespace SmtpProxy.Configuration;

/// <summary>Bounds on what the clients of one listener may ask for.</summary>
public sealed record LimitsConfig
{
    /// <summary>Connections at a time; the next is answered 421, or closed without it with <c>Implicit</c> as <c>Tls:Mode</c>: it could be said only after
    /// a handshake, which an overload cannot afford. Default 20000.</summary>
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>Connections at a time from one client address; the next is answered 421, or closed without it with <c>Implicit</c> as <c>Tls:Mode</c>.
    /// Default 200.</summary>
    public int MaxConnectionsPerClient { get; init; } = 200;

    /// <summary>Errors of one session after which it is ended with 421. Default 20.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>Bytes of a command line with its CRLF; a longer one is answered 500. Default 2048.</summary>
    public int MaxCommandLine { get; init; } = 2_048;

    /// <summary>Bytes of AUTH and of each line of its exchange, with the CRLF; a longer one is answered 500. Default 12288.</summary>
    public int MaxAuthLine { get; init; } = 12_288;

    /// <summary>Recipients of one transaction; the next is answered 452. Default 1000.</summary>
    public int MaxRecipients { get; init; } = 1_000;

    /// <summary>Commands that are handled as one group. Default 1000.</summary>
    public int MaxPipelinedCommands { get; init; } = 1_000;

    /// <summary>Commands of a session relayed whole (<c>RelayMode</c>) that wait for replies; with more of them the proxy follows it no longer.
    /// Default 1024.</summary>
    public int MaxSplicedCommands { get; init; } = 1_024;
}
