using SmtpProxy.Configuration.Schema.Kinds;

namespace SmtpProxy.Configuration.Schema.Tables;

/// <summary>Keys of <c>SmtpProxy:AffinityStore</c>.</summary>
internal static class StoreKeys
{
    /// <summary>Keys of <see cref="EtcdConfig"/>.</summary>
    public static ConfigSchema<EtcdConfig> Etcd { get; } = new ConfigSchema<EtcdConfig>()
        .Value(x => x.Endpoints, Kind.List(Kind.EtcdUrl), "URLs of its members: `http://127.0.0.1:2379`. Needed for the store `Etcd`.")
        .Value(x => x.Prefix, Kind.KeyPrefix, "What all keys begin with.")
        .Value(x => x.Username, Kind.Text, "User; null: no login.")
        .Value(x => x.PasswordFile, Kind.InputFile, "File with the password of the user, in its first line.")
        .Value(x => x.CaFile, Kind.InputFile,
            "PEM file of the authorities that may sign the server's certificate; null: those of the system.")
        .Value(x => x.CertFile, Kind.InputFile, "PEM file of the client certificate; null: none.")
        .Value(x => x.KeyFile, Kind.InputFile, "PEM file of the key of the client certificate.")
        .Value(x => x.Timeout, Kind.Timeout, "How long one call may take.");

    /// <summary>Keys of <see cref="SqliteConfig"/>.</summary>
    public static ConfigSchema<SqliteConfig> Sqlite { get; } = new ConfigSchema<SqliteConfig>()
        .Value(x => x.Path, Kind.OutputFile, "The file; relative to the directory of the configuration file.")
        .Value(x => x.MaxQueuedOperations, Kind.Number(1, 10_000_000), "Operations that wait for the file; one more fails, as all do while the store is away.");

    /// <summary>Keys of <see cref="AffinityStoreConfig"/>.</summary>
    public static ConfigSchema<AffinityStoreConfig> AffinityStore { get; } = new ConfigSchema<AffinityStoreConfig>()
        .Value(x => x.Type, Kind.Choice<AffinityStoreType>(), "The kind of store.")
        .Value(x => x.Keys, Kind.Choice<AffinityKeyMode>(), "What a durable or shared store sees of a sender; all proxies must agree.")
        .Value(x => x.HashKeyFile, Kind.InputFile, "File whose bytes key the hash (HMAC-SHA256); null: plain SHA-256.")
        .Section(x => x.Etcd, Etcd)
        .Section(x => x.Sqlite, Sqlite)
        .Value(x => x.MaxEntries, Kind.Number(1, 100_000_000), "Entries held in memory; beyond it the least recently used go.")
        .Value(x => x.MaxQueuedWrites, Kind.Number(1, 10_000_000), "Senders whose writes wait while the store is away; beyond it the oldest is lost.")
        .Value(x => x.MaxFailingSenders, Kind.Number(3, 10_000_000), "Senders whose failures are counted; beyond it one that has not failed for long is forgotten.")
        .Value(x => x.MaxQueuedMoves, Kind.Number(1, 1_000_000),
            "Senders that wait to be moved for their failures; beyond it one is moved after another failure.");
}
