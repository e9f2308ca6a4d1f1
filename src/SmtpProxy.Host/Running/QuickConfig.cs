using SmtpProxy.Configuration;

namespace SmtpProxy.Host.Running;

/// <summary>The configuration that the options of <c>run</c> stand for: one cluster <c>pool</c> of destinations <c>b1</c>, <c>b2</c> and so on.</summary>
internal sealed record QuickConfig
{
    /// <summary>Identifier of the one cluster.</summary>
    public const string ClusterId = "pool";

    /// <summary>Addresses to listen on.</summary>
    public required IReadOnlyList<string> Listen { get; init; }

    /// <summary>Addresses of the servers.</summary>
    public required IReadOnlyList<string> Backends { get; init; }

    /// <summary>Endpoints of etcd; empty: entries are kept in a database file.</summary>
    public IReadOnlyList<string> Etcd { get; init; } = [];

    /// <summary>The database file; relative to the working directory.</summary>
    public string Database { get; init; } = new SqliteConfig().Path;

    /// <summary>Address of the admin API; null: none.</summary>
    public string? Admin { get; init; }

    /// <summary>Name in the greeting; null: the name of this host.</summary>
    public string? Hostname { get; init; }

    /// <summary>The whole configuration.</summary>
    public ProxyConfig Build() => new()
    {
        Listeners = Listen.Select(CreateListener).ToDictionary(StringComparer.OrdinalIgnoreCase),
        Clusters = new Dictionary<string, ClusterConfig>(StringComparer.OrdinalIgnoreCase)
        {
            [ClusterId] = new ClusterConfig
            {
                Destinations = Backends
                    .Select((address, index) => KeyValuePair.Create($"b{index + 1}", new DestinationConfig { Address = address }))
                    .ToDictionary(StringComparer.OrdinalIgnoreCase),
            },
        },
        AffinityStore = Etcd.Count > 0
            ? new AffinityStoreConfig { Type = AffinityStoreType.Etcd, Etcd = new EtcdConfig { Endpoints = Etcd } }
            : new AffinityStoreConfig { Type = AffinityStoreType.Sqlite, Sqlite = new SqliteConfig { Path = Database } },
        Admin = new AdminConfig { Address = Admin },
    };

    private KeyValuePair<string, ListenerConfig> CreateListener(string address, int index)
    {
        var listener = new ListenerConfig { Address = address };
        return KeyValuePair.Create(
            index == 0 ? "mx" : $"mx{index + 1}",
            Hostname is null ? listener : listener with { Hostname = Hostname });
    }
}
