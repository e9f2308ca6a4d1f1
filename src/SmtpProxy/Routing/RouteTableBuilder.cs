using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Routing.LoadBalancing;
using SmtpProxy.Routing.SenderKeys;

namespace SmtpProxy.Routing;

/// <summary>Makes the route table of a validated configuration. Whatever it cannot resolve throws, before anything is swapped.</summary>
internal sealed class RouteTableBuilder(LoadBalancingPolicySet policies, SenderKeyFactoryBuilder keys)
{
    private const string ImplicitRoute = "default";

    /// <param name="config">The configuration.</param>
    /// <param name="clusters">The pools by identifier.</param>
    public RouteTable Build(ProxyConfig config, IReadOnlyDictionary<string, ClusterState> clusters)
    {
        if (config.Routes.Count == 0 && config.Clusters.Count == 1)
        {
            var everything = new RouteConfig { ClusterId = config.Clusters.Keys.Single() };
            return new RouteTable([Resolve(ImplicitRoute, everything, config, clusters)]);
        }

        return new RouteTable(config.Routes.Select(r => Resolve(r.Key, r.Value, config, clusters)));
    }

    private RouteModel Resolve(string name, RouteConfig route, ProxyConfig config, IReadOnlyDictionary<string, ClusterState> clusters)
    {
        if (!config.Clusters.TryGetValue(route.ClusterId, out var cluster) || !clusters.TryGetValue(route.ClusterId, out var state))
        {
            throw new InvalidOperationException($"Route '{name}' leads to cluster '{route.ClusterId}', which does not exist.");
        }

        return new RouteModel(name, route, state, policies.Get(cluster.LoadBalancingPolicy), keys.Build(cluster.SessionAffinity));
    }
}
