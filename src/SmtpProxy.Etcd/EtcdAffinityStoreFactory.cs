using Microsoft.Extensions.Logging;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;

namespace SmtpProxy.Etcd;

/// <summary>Makes the store that proxies share through etcd.</summary>
public static class EtcdAffinityStoreFactory
{
    /// <summary>Makes the store; nothing is connected before <see cref="IAffinityStore.StartAsync"/>. Throws for settings that can never work:
    /// an endpoint that is none, a certificate that cannot be read.</summary>
    public static EtcdAffinityStore Create(EtcdConfig config, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);
        return new EtcdAffinityStore(config, time, loggers.CreateLogger<EtcdAffinityStore>());
    }
}
