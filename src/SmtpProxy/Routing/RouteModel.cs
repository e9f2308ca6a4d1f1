using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Routing.LoadBalancing;
using SmtpProxy.Routing.SenderKeys;

namespace SmtpProxy.Routing;

/// <summary>A route as configured at one moment, with all names resolved.</summary>
/// <param name="Name">Name of the route.</param>
/// <param name="Config">What the operator wrote.</param>
/// <param name="Cluster">Where the route leads.</param>
/// <param name="Policy">How that cluster chooses a destination.</param>
/// <param name="Keys">What that cluster keeps affinity for.</param>
internal sealed record RouteModel(
    string Name, RouteConfig Config, ClusterState Cluster, ILoadBalancingPolicy Policy, SenderKeyFactory Keys);
