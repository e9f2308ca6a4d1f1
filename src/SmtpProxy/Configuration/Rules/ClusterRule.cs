using SmtpProxy.Configuration.Schema;

namespace SmtpProxy.Configuration.Rules;

/// <summary>There is a cluster, each has a destination that takes senders, and what a probe or an overflow needs is given.</summary>
internal sealed class ClusterRule : IConfigRule
{
    /// <inheritdoc/>
    public void Check(ProxyConfig config, ConfigErrors errors)
    {
        var clusters = KeyPath.Top.Child(nameof(ProxyConfig.Clusters));
        if (config.Clusters.Count == 0)
        {
            errors.Add(clusters, "at least one cluster is needed");
        }

        foreach (var (id, cluster) in config.Clusters)
        {
            var path = clusters.Item(id);
            CheckDestinations(cluster, path.Child(nameof(ClusterConfig.Destinations)), errors);
            CheckNeeds(cluster, path, errors);
            CheckPools(cluster, path, errors);
        }
    }

    private static void CheckDestinations(ClusterConfig cluster, KeyPath path, ConfigErrors errors)
    {
        if (cluster.Destinations.Count == 0)
        {
            errors.Add(path, "at least one destination is needed");
        }
        else if (cluster.Destinations.Values.All(x => x.Weight == 0))
        {
            errors.Add(path, "every destination has the weight 0; at least one needs more");
        }
    }

    private static void CheckPools(ClusterConfig cluster, KeyPath path, ConfigErrors errors)
    {
        CheckPool(cluster.Connection, path.Child(nameof(ClusterConfig.Connection)), errors);
        foreach (var (id, destination) in cluster.Destinations)
        {
            if (destination.Connection is { MinPoolSize: null, PoolSize: null, MaxConnections: null })
            {
                continue;
            }

            var own = path.Child(nameof(ClusterConfig.Destinations)).Item(id).Child(nameof(DestinationConfig.Connection));
            CheckPool(cluster.Connection.Effective(destination.Connection), own, errors);
        }
    }

    private static void CheckPool(ConnectionConfig connection, KeyPath path, ConfigErrors errors)
    {
        var most = Math.Min(connection.PoolSize, connection.MaxConnections);
        if (connection.MinPoolSize > Math.Max(most, 0))
        {
            var bound = most == connection.PoolSize ? nameof(ConnectionConfig.PoolSize) : nameof(ConnectionConfig.MaxConnections);
            errors.Add(path.Child(nameof(ConnectionConfig.MinPoolSize)), $"{connection.MinPoolSize} is above {bound}; allowed: 0 to {most}");
        }
    }

    private static void CheckNeeds(ClusterConfig cluster, KeyPath path, ConfigErrors errors)
    {
        if (cluster.HealthCheck.Active is { Depth: ProbeDepth.Rcpt, RcptTo: null })
        {
            var active = path.Child(nameof(ClusterConfig.HealthCheck), nameof(HealthCheckConfig.Active));
            errors.Add(active.Child(nameof(ActiveHealthCheckConfig.RcptTo)), "is required for the depth Rcpt; allowed: a mail address");
        }

        if (cluster.Overflow is { Soft: { } soft, Hard: { } hard } && soft > hard)
        {
            var key = path.Child(nameof(ClusterConfig.Overflow), nameof(OverflowConfig.Soft));
            errors.Add(key, $"{soft} is above Hard; allowed: 1 to {hard}");
        }
    }
}
