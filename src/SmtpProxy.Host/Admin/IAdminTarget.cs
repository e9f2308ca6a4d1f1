using SmtpProxy.Affinity;
using SmtpProxy.Host.Running;
using SmtpProxy.Management;
using SmtpProxy.Routing;

namespace SmtpProxy.Host.Admin;

/// <summary>What the admin API may see of the proxy and do to it.</summary>
internal interface IAdminTarget
{
    /// <summary>The configuration in force.</summary>
    ProxySnapshot Current { get; }

    /// <summary>The senders' entries.</summary>
    AffinityDirectory Affinity { get; }

    /// <summary>True once all listeners are bound, until the shutdown.</summary>
    bool IsReady { get; }

    /// <summary>True from the beginning of the shutdown.</summary>
    bool IsDraining { get; }

    /// <summary>True when the affinity store answers.</summary>
    bool IsStoreUp { get; }

    /// <summary>Where a transaction would go.</summary>
    ExplainResult Explain(ExplainQuery query);

    /// <summary>Reads the configuration file again and brings it into force.</summary>
    Task<ReloadResult> ReloadAsync(CancellationToken cancellationToken);
}
