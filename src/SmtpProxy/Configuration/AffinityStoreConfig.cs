namespace SmtpProxy.Configuration;

/// <summary>Where affinity entries are kept.</summary>
public sealed record AffinityStoreConfig
{
    /// <summary>The kind of store. Default <c>Memory</c>.</summary>
    public AffinityStoreType Type { get; init; } = AffinityStoreType.Memory;

    /// <summary>What a durable or shared store sees of a sender; all proxies must agree. Default <c>Hashed</c>.</summary>
    public AffinityKeyMode Keys { get; init; } = AffinityKeyMode.Hashed;

    /// <summary>File whose bytes key the hash (HMAC-SHA256); null: plain SHA-256. Default null.</summary>
    public string? HashKeyFile { get; init; }

    /// <summary>The store <c>Etcd</c>.</summary>
    public EtcdConfig Etcd { get; init; } = new();

    /// <summary>The store <c>Sqlite</c>.</summary>
    public SqliteConfig Sqlite { get; init; } = new();

    /// <summary>Entries held in memory; beyond it the least recently used go. Default 1000000.</summary>
    public int MaxEntries { get; init; } = 1_000_000;

    /// <summary>Senders whose writes wait while the store is away; beyond it the oldest is lost. Default 100000.</summary>
    public int MaxQueuedWrites { get; init; } = 100_000;

    /// <summary>Senders whose failures are counted; beyond it one that has not failed for long is forgotten. Default 100000.</summary>
    public int MaxFailingSenders { get; init; } = 100_000;

    /// <summary>Senders that wait to be moved for their failures; beyond it one is moved after another failure. Default 1024.</summary>
    public int MaxQueuedMoves { get; init; } = 1_024;
}
