using System.Collections.Frozen;

namespace SmtpProxy.Configuration;

/// <summary>All that an operator can set: the section <c>SmtpProxy</c> of the configuration file.</summary>
public sealed record ProxyConfig
{
    /// <summary>Where clients connect, by name. At least one.</summary>
    public IReadOnlyDictionary<string, ListenerConfig> Listeners { get; init; } = FrozenDictionary<string, ListenerConfig>.Empty;

    /// <summary>Which transaction goes to which cluster, by name. Empty: with a single cluster, everything goes there.</summary>
    public IReadOnlyDictionary<string, RouteConfig> Routes { get; init; } = FrozenDictionary<string, RouteConfig>.Empty;

    /// <summary>The pools of mail servers, by name. At least one.</summary>
    public IReadOnlyDictionary<string, ClusterConfig> Clusters { get; init; } = FrozenDictionary<string, ClusterConfig>.Empty;

    /// <summary>Where affinity entries are kept.</summary>
    public AffinityStoreConfig AffinityStore { get; init; } = new();

    /// <summary>The ledger that suppresses duplicates.</summary>
    public LedgerConfig Ledger { get; init; } = new();

    /// <summary>How names of servers are looked up.</summary>
    public DnsConfig Dns { get; init; } = new();

    /// <summary>How the proxy ends.</summary>
    public ShutdownConfig Shutdown { get; init; } = new();

    /// <summary>The administration port.</summary>
    public AdminConfig Admin { get; init; } = new();

    /// <summary>Shape of the transaction log line. Default <c>Postfix</c>.</summary>
    public LogFormat LogFormat { get; init; } = LogFormat.Postfix;

    /// <summary>Lines of the transaction log that wait to be written; beyond it the oldest is lost. Default 65536.</summary>
    public int MaxQueuedLogLines { get; init; } = 65_536;

    /// <summary>TLS handshakes with clients that are computed at a time; more wait, within their <c>HandshakeTimeout</c>; 0: one for each processor.
    /// Default 0.</summary>
    public int MaxConcurrentHandshakes { get; init; }

    /// <summary>Open files that connections leave free for everything else. New clients get 421 while fewer than twice as many are left, and no server is
    /// connected to while fewer than once. Default 128.</summary>
    public int ReservedDescriptors { get; init; } = 128;

    /// <summary>What carries connections; Auto: Epoll on Linux, else Sockets. Default <c>Auto</c>.</summary>
    public TransportKind Transport { get; init; } = TransportKind.Auto;

    /// <summary>Event loops of Epoll, each a thread; 0: one for every two processors. Default 0.</summary>
    public int TransportLoops { get; init; }

    /// <summary>Bytes that Epoll receives at a time at most; a connection with a body in flow holds as many. Default 262144.</summary>
    public int TransportReadBlock { get; init; } = 262_144;

    /// <summary>The directory of the configuration file; set by the loader, which has resolved all paths against it. Not a key.</summary>
    public string? BaseDirectory { get; init; }
}
