using SmtpProxy.Model;

namespace SmtpProxy.Routing;

/// <summary>What routing says of one transaction.</summary>
/// <param name="Route">The route that fits.</param>
/// <param name="Cluster">Its cluster as configured at that moment.</param>
/// <param name="Key">What affinity is kept for, or none.</param>
internal sealed record RouteMatch(RouteModel Route, ClusterModel Cluster, SenderKey Key);
