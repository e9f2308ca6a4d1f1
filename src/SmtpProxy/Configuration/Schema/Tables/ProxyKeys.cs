using SmtpProxy.Configuration.Schema.Kinds;

namespace SmtpProxy.Configuration.Schema.Tables;

/// <summary>Keys of <c>SmtpProxy</c> itself and of its small sections.</summary>
internal static class ProxyKeys
{
    /// <summary>Keys of <see cref="LedgerConfig"/>.</summary>
    public static ConfigSchema<LedgerConfig> Ledger { get; } = new ConfigSchema<LedgerConfig>()
        .Value(x => x.Enabled, Kind.Switch, "Suppress duplicates.")
        .Value(x => x.Ttl, Kind.Lifetime, "How long an entry is kept.");

    /// <summary>Keys of <see cref="DnsConfig"/>.</summary>
    public static ConfigSchema<DnsConfig> Dns { get; } = new ConfigSchema<DnsConfig>()
        .Value(x => x.Servers, Kind.List(Kind.NameServer), "Name servers as `ip:port`; empty: those of the system.");

    /// <summary>Keys of <see cref="ShutdownConfig"/>.</summary>
    public static ConfigSchema<ShutdownConfig> Shutdown { get; } = new ConfigSchema<ShutdownConfig>()
        .Value(x => x.DrainTimeout, Kind.Wait, "How long running transactions may take to finish.");

    /// <summary>Keys of <see cref="AdminConfig"/>.</summary>
    public static ConfigSchema<AdminConfig> Admin { get; } = new ConfigSchema<AdminConfig>()
        .Value(x => x.Address, Kind.ListenAddress, "`ip:port` as for a listener; null: no administration port.")
        .Value(x => x.TokenFile, Kind.InputFile, "File with the token that changes need; null: none; then the address must be loopback.");

    /// <summary>Keys of <see cref="ProxyConfig"/>.</summary>
    public static ConfigSchema<ProxyConfig> Proxy { get; } = new ConfigSchema<ProxyConfig>()
        .Map(x => x.Listeners, ListenerKeys.Listener)
        .Map(x => x.Routes, RouteKeys.Route)
        .Map(x => x.Clusters, ClusterKeys.Cluster)
        .Section(x => x.AffinityStore, StoreKeys.AffinityStore)
        .Section(x => x.Ledger, Ledger)
        .Section(x => x.Dns, Dns)
        .Section(x => x.Shutdown, Shutdown)
        .Section(x => x.Admin, Admin)
        .Value(x => x.LogFormat, Kind.Choice<LogFormat>(), "Shape of the transaction log line.")
        .Value(x => x.MaxQueuedLogLines, Kind.Number(1, 10_000_000),
            "Lines of the transaction log that wait to be written; beyond it the oldest is lost.")
        .Value(x => x.MaxConcurrentHandshakes, Kind.Number(0, 100_000),
            "TLS handshakes with clients that are computed at a time; more wait, within their `HandshakeTimeout`; 0: one for each processor.")
        .Value(x => x.ReservedDescriptors, Kind.Number(0, 1_000_000),
            "Open files that connections leave free for everything else. New clients get 421 while fewer than twice as many are left, "
            + "and no server is connected to while fewer than once.")
        .Value(x => x.Transport, Kind.Choice<TransportKind>(), "What carries connections; Auto: Epoll on Linux, else Sockets.")
        .Value(x => x.TransportLoops, Kind.Number(0, 1_024), "Event loops of Epoll, each a thread; 0: one for every two processors.")
        .Value(x => x.TransportReadBlock, Kind.Number(16_384, 16_777_216),
            "Bytes that Epoll receives at a time at most; a connection with a body in flow holds as many.");

    /// <summary>All keys with their values in a configuration.</summary>
    public static IEnumerable<ConfigValue> Read(ProxyConfig config) =>
        Proxy.Read(config, KeyPath.Top, new SchemaReader(config.BaseDirectory, IsTemplate: false));

    /// <summary>All keys there are, each once, with their defaults.</summary>
    public static IEnumerable<ConfigValue> Template() =>
        Proxy.Read(new ProxyConfig(), KeyPath.Top, new SchemaReader(BaseDirectory: null, IsTemplate: true));
}
