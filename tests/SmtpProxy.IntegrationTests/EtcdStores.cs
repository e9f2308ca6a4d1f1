using Microsoft.Extensions.Logging.Abstractions;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Etcd;
using SmtpProxy.Model;
using SmtpProxy.TestKit.Affinity;

namespace SmtpProxy.IntegrationTests;

/// <summary>Stores and entries for the tests of etcd.</summary>
internal static class EtcdStores
{
    public const string Cluster = "pool";

    public static EtcdConfig Config(string endpoint, string prefix = "/smtpproxy/v1") => new() { Endpoints = [endpoint], Prefix = prefix };

    public static EtcdAffinityStore Create(EtcdConfig config) =>
        EtcdAffinityStoreFactory.Create(config, TimeProvider.System, NullLoggerFactory.Instance);

    public static async Task<EtcdAffinityStore> StartAsync(EtcdConfig config, IAffinityStoreWatcher watcher, CancellationToken cancellationToken)
    {
        var store = Create(config);
        await store.StartAsync(watcher, cancellationToken);
        await Eventually.HoldsAsync(() => store.IsUp, "the watch stands", cancellationToken: cancellationToken);
        return store;
    }

    public static AffinityKey Key(string name) => new(Cluster, name);

    public static AffinityEntry Entry(string destination, TimeSpan? ttl = null)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        return new AffinityEntry(destination, AffinityReason.Assigned, now, now + (ttl ?? TimeSpan.FromMinutes(30)), Generation: 0);
    }
}
