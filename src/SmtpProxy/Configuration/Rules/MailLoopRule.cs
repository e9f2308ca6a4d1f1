using System.Net;
using SmtpProxy.Configuration.Formats;
using SmtpProxy.Configuration.Schema;

namespace SmtpProxy.Configuration.Rules;

/// <summary>No destination is a listener of this proxy: a message would go round. Names other than localhost are not resolved.</summary>
internal sealed class MailLoopRule : IConfigRule
{
    /// <inheritdoc/>
    public void Check(ProxyConfig config, ConfigErrors errors)
    {
        var clusters = KeyPath.Top.Child(nameof(ProxyConfig.Clusters));
        foreach (var (clusterId, cluster) in config.Clusters)
        {
            foreach (var (id, destination) in cluster.Destinations)
            {
                if (FindListener(config, destination) is { } listener)
                {
                    var path = clusters.Item(clusterId).Child(nameof(ClusterConfig.Destinations)).Item(id);
                    errors.Add(
                        path.Child(nameof(DestinationConfig.Address)),
                        $"{JsonText.Show(destination.Address)} is the listener '{listener}' of this proxy: a mail loop");
                }
            }
        }
    }

    private static string? FindListener(ProxyConfig config, DestinationConfig destination)
    {
        if (!HostPort.TryParse(destination.Address, HostPort.SmtpPort, out var target))
        {
            return null;
        }

        IPAddress[] addresses = target.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
            : target.Address is { } address ? [address] : [];
        return config.Listeners
            .Where(x => ListenAddress.TryParse(x.Value.Address, out var own)
                && Array.Exists(addresses, y => own.Receives(y, target.Port)))
            .Select(x => x.Key)
            .FirstOrDefault();
    }
}
