using System.Collections.Frozen;
using SmtpProxy.Configuration;
using SmtpProxy.Configuration.Formats;
using SmtpProxy.Model;
using SmtpProxy.Routing;

namespace SmtpProxy.Management;

/// <summary>Turns a validated configuration into what sessions use. Clusters and destinations that were there before keep their identity, and
/// with it their counters, sessions and what is known of them.</summary>
internal sealed class SnapshotBuilder(RouteTableBuilder routes)
{
    private const int SmtpPort = 25;

    public ProxySnapshot Build(ProxyConfig config, ProxySnapshot? previous)
    {
        var clusters = new Dictionary<string, ClusterState>(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, cluster) in config.Clusters)
        {
            var known = previous?.Clusters.GetValueOrDefault(id);
            var model = new ClusterModel(cluster, Destinations(id, cluster, known?.Model));
            var state = known ?? new ClusterState(id, model);
            state.Model = model;
            clusters[id] = state;
        }

        var frozen = clusters.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        return new ProxySnapshot(config, routes.Build(config, frozen), frozen, (previous?.Revision ?? 0) + 1);
    }

    private static DestinationState[] Destinations(string clusterId, ClusterConfig cluster, ClusterModel? previous)
    {
        var states = new List<DestinationState>(cluster.Destinations.Count);
        foreach (var (id, config) in cluster.Destinations.OrderBy(static d => d.Key, StringComparer.Ordinal))
        {
            if (!HostPort.TryParse(config.Address, SmtpPort, out var address))
            {
                throw new InvalidOperationException($"'{config.Address}' is not an address of a server.");
            }

            var model = new DestinationModel(config, cluster.Connection.Effective(config.Connection), address.Host, address.Port);
            var state = previous?.Find(id) ?? new DestinationState(clusterId, id, model);
            state.Model = model;
            states.Add(state);
        }

        return [.. states];
    }
}
