namespace SmtpProxy.TestKit.Cases;

/// <summary>How the proxy is set up for a case.</summary>
public sealed record CaseSettings
{
    /// <summary>Senders and the servers they belong to before the case begins.</summary>
    public IReadOnlyDictionary<string, string> Affinity { get; init; } = new Dictionary<string, string>();

    /// <summary><c>domain</c> when the sender's domain is the key.</summary>
    public string? AffinityBy { get; init; }

    /// <summary>Servers beside those that have a script.</summary>
    public IReadOnlyList<string> Backends { get; init; } = [];

    /// <summary>The server for senders without an entry: always the first one.</summary>
    public string? DefaultBackend { get; init; }

    /// <summary>The proxy's own host name.</summary>
    public string OwnName { get; init; } = "proxy.example.com";

    /// <summary>Set where logins are relayed; whereto follows from the order of the servers' names.</summary>
    public string? AuthRelay { get; init; }

    /// <summary>Logins are taken in clear.</summary>
    public bool AuthWithoutTls { get; init; }

    /// <summary>Whether sessions to servers are kept.</summary>
    public bool Pool { get; init; }

    /// <summary>How long they are kept.</summary>
    public int? PoolMaxAgeS { get; init; }

    /// <summary>How long a server may take to greet.</summary>
    public int? BackendGreetingTimeoutMs { get; init; }

    /// <summary>How long a transaction may wait for a free session.</summary>
    public int? QueueWaitMs { get; init; }

    /// <summary>How much of a body is kept to be sent again.</summary>
    public int? ReplayLimit { get; init; }

    /// <summary>After how many failures a sender is moved.</summary>
    public int? RerouteAfterFailures { get; init; }

    /// <summary>How long running transactions have when the proxy is stopped.</summary>
    public int ShutdownGraceMs { get; init; } = 2000;

    /// <summary>Most sessions to a server.</summary>
    public IReadOnlyDictionary<string, int> BackendMaxConnections { get; init; } = new Dictionary<string, int>();

    /// <summary>Clients may go under TLS.</summary>
    public bool Starttls { get; init; }

    /// <summary>Servers that are spoken to under TLS: <c>starttls-required</c>, or <c>starttls</c> where they offer it.</summary>
    public IReadOnlyDictionary<string, string> BackendTls { get; init; } = new Dictionary<string, string>();

    /// <summary>What clients are offered is what the servers turn out to offer.</summary>
    public bool LearnCapabilities { get; init; }

    /// <summary>Several listeners by name; empty: one.</summary>
    public IReadOnlyDictionary<string, CaseListener> Listeners { get; init; } = new Dictionary<string, CaseListener>();

    /// <summary><c>required</c> when clients come behind a PROXY header.</summary>
    public string? ProxyProtocolIn { get; init; }

    /// <summary>Networks whose PROXY headers are believed.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Servers that are told of clients by a PROXY header, and its version.</summary>
    public IReadOnlyDictionary<string, string> ProxyProtocolOut { get; init; } = new Dictionary<string, string>();

    /// <summary>Servers that are told of clients by XCLIENT.</summary>
    public IReadOnlyDictionary<string, bool> XclientOut { get; init; } = new Dictionary<string, bool>();

    /// <summary>Set where the entries are kept in etcd.</summary>
    public CaseEtcdSettings? Etcd { get; init; }

    /// <summary>Always on.</summary>
    public bool DuplicateSuppression { get; init; } = true;
}
