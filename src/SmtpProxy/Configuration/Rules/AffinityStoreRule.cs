using SmtpProxy.Configuration.Schema;

namespace SmtpProxy.Configuration.Rules;

/// <summary>What the chosen store needs is given, and what belongs together is given together.</summary>
internal sealed class AffinityStoreRule : IConfigRule
{
    /// <inheritdoc/>
    public void Check(ProxyConfig config, ConfigErrors errors)
    {
        var etcd = config.AffinityStore.Etcd;
        var path = KeyPath.Top.Child(nameof(ProxyConfig.AffinityStore), nameof(AffinityStoreConfig.Etcd));
        if (config.AffinityStore.Type == AffinityStoreType.Etcd && etcd.Endpoints.Count == 0)
        {
            errors.Add(
                path.Child(nameof(EtcdConfig.Endpoints)),
                "at least one is needed for the store Etcd; allowed: http://127.0.0.1:2379");
        }

        CheckPair(nameof(EtcdConfig.Username), etcd.Username, nameof(EtcdConfig.PasswordFile), etcd.PasswordFile);
        CheckPair(nameof(EtcdConfig.CertFile), etcd.CertFile, nameof(EtcdConfig.KeyFile), etcd.KeyFile);

        void CheckPair(string first, string? firstValue, string second, string? secondValue)
        {
            if (firstValue is null != secondValue is null)
            {
                var (missing, given) = firstValue is null ? (first, second) : (second, first);
                errors.Add(path.Child(missing), $"is required because {given} is given");
            }
        }
    }
}
