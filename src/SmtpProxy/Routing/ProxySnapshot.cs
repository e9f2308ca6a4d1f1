using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Routing;

/// <summary>The configuration in force at one moment, as sessions see it: immutable, swapped whole.</summary>
/// <param name="Config">What the operator wrote.</param>
/// <param name="Routes">The routes in order.</param>
/// <param name="Clusters">The clusters by identifier.</param>
/// <param name="Revision">Grows by one with each configuration.</param>
internal sealed record ProxySnapshot(
    ProxyConfig Config, RouteTable Routes, IReadOnlyDictionary<string, ClusterState> Clusters, long Revision);
