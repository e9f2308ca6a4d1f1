using System.Diagnostics;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Etcd;

namespace SmtpProxy.Host.Running;

/// <summary>Makes the affinity store that the configuration names: the one place that knows all kinds.</summary>
internal static class StoreFactory
{
    public static IAffinityStore Create(AffinityStoreConfig config, TimeProvider time, ILoggerFactory loggers) => config.Type switch
    {
        AffinityStoreType.Memory => new MemoryAffinityStore(config.MaxEntries, time),
        AffinityStoreType.Sqlite => new SqliteAffinityStore(
            config.Sqlite, config.MaxEntries, time, loggers.CreateLogger<SqliteAffinityStore>()),
        AffinityStoreType.Etcd => EtcdAffinityStoreFactory.Create(config.Etcd, time, loggers),
        _ => throw new UnreachableException($"unknown store {config.Type}"),
    };
}
