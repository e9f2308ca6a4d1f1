namespace SmtpProxy.Configuration;

/// <summary>How the servers of a cluster are talked to.</summary>
public sealed record ConnectionConfig
{
    /// <summary>How servers learn who the client is. Default <c>None</c>.</summary>
    public IdentityMode Identity { get; init; } = IdentityMode.None;

    /// <summary>TLS towards servers. Default <c>None</c>.</summary>
    public ConnectionTlsMode Tls { get; init; } = ConnectionTlsMode.None;

    /// <summary>PEM file of the authorities that may sign a server's certificate under <c>Verify</c>; null: those of the system. Default null.</summary>
    public string? CaFile { get; init; }

    /// <summary>How long connecting may take. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a server may take to greet and to answer EHLO. Default 1 min.</summary>
    public TimeSpan GreetingTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a server may take to answer STARTTLS, and then to shake hands. Default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the replies to MAIL and RCPT may take. Default 5 min.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the reply to DATA may take. Default 2 min.</summary>
    public TimeSpan DataTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a server may take no byte of a body. Default 3 min.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long the reply to the final dot may take. Default 10 min.</summary>
    public TimeSpan FinalReplyTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Connections to one destination at a time. Default 100.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>How long a transaction waits for a free connection. Default 30 s.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Transactions that may wait for a connection to one destination; the next one goes elsewhere. Default 10000.</summary>
    public int MaxQueue { get; init; } = 10_000;

    /// <summary>Idle connections kept for each destination; 0: a connection each. Default 32.</summary>
    public int PoolSize { get; init; } = 32;

    /// <summary>Connections kept open to each destination, also without mail; 0: opened when mail comes. Default 0.</summary>
    public int MinPoolSize { get; init; }

    /// <summary>How long an idle connection beyond <c>MinPoolSize</c> is kept. Default 30 s.</summary>
    public TimeSpan PoolIdle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Age at which a connection is not used again. Default 10 min.</summary>
    public TimeSpan PoolMaxAge { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Transactions on one connection. Default 100.</summary>
    public int MaxTransactions { get; init; } = 100;

    /// <summary>Servers tried for one transaction. Default 3.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>How long another server is tried for one transaction. Default 60 s.</summary>
    public TimeSpan AttemptBudget { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of one line of a reply; a server that sends a longer one has failed. Default 2048.</summary>
    public int MaxReplyLine { get; init; } = 2_048;

    /// <summary>Bytes of a whole reply. Default 65536.</summary>
    public int MaxReply { get; init; } = 65_536;

    /// <summary>Lines of one reply. Default 256.</summary>
    public int MaxReplyLines { get; init; } = 256;

    /// <summary>Bytes of a body that are kept so that it can be sent again elsewhere; 0: none. Default 262144.</summary>
    public int ReplayLimit { get; init; } = 262_144;

    /// <summary>These settings with those of a destination put over them.</summary>
    /// <param name="overrides">What the destination sets; null: nothing.</param>
    public ConnectionConfig Effective(ConnectionOverrides? overrides) => overrides is null
        ? this
        : this with
        {
            Identity = overrides.Identity ?? Identity,
            Tls = overrides.Tls ?? Tls,
            CaFile = overrides.CaFile ?? CaFile,
            ConnectTimeout = overrides.ConnectTimeout ?? ConnectTimeout,
            GreetingTimeout = overrides.GreetingTimeout ?? GreetingTimeout,
            HandshakeTimeout = overrides.HandshakeTimeout ?? HandshakeTimeout,
            CommandTimeout = overrides.CommandTimeout ?? CommandTimeout,
            DataTimeout = overrides.DataTimeout ?? DataTimeout,
            BodyTimeout = overrides.BodyTimeout ?? BodyTimeout,
            FinalReplyTimeout = overrides.FinalReplyTimeout ?? FinalReplyTimeout,
            MaxConnections = overrides.MaxConnections ?? MaxConnections,
            QueueTimeout = overrides.QueueTimeout ?? QueueTimeout,
            MaxQueue = overrides.MaxQueue ?? MaxQueue,
            PoolSize = overrides.PoolSize ?? PoolSize,
            MinPoolSize = overrides.MinPoolSize ?? MinPoolSize,
            PoolIdle = overrides.PoolIdle ?? PoolIdle,
            PoolMaxAge = overrides.PoolMaxAge ?? PoolMaxAge,
            MaxTransactions = overrides.MaxTransactions ?? MaxTransactions,
            MaxAttempts = overrides.MaxAttempts ?? MaxAttempts,
            AttemptBudget = overrides.AttemptBudget ?? AttemptBudget,
            MaxReplyLine = overrides.MaxReplyLine ?? MaxReplyLine,
            MaxReply = overrides.MaxReply ?? MaxReply,
            MaxReplyLines = overrides.MaxReplyLines ?? MaxReplyLines,
            ReplayLimit = overrides.ReplayLimit ?? ReplayLimit,
        };
}
