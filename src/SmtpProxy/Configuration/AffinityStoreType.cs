namespace SmtpProxy.Configuration;

/// <summary>Where affinity entries are kept.</summary>
public enum AffinityStoreType
{
    /// <summary>In this process; gone when it ends.</summary>
    Memory,

    /// <summary>In a database file of this host.</summary>
    Sqlite,

    /// <summary>In etcd, shared by all proxies.</summary>
    Etcd,
}
