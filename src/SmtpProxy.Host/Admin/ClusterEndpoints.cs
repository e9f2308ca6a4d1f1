using SmtpProxy.Host.Admin.Documents;
using SmtpProxy.Model;

namespace SmtpProxy.Host.Admin;

/// <summary>Clusters and their destinations: <c>/api/v1/clusters</c>.</summary>
internal static class ClusterEndpoints
{
    public static void MapClusters(this IEndpointRouteBuilder routes, IAdminTarget target) =>
        routes.MapGet("/api/v1/clusters", async (CancellationToken cancellationToken) =>
        {
            var clusters = new List<ClusterDocument>();
            foreach (var cluster in target.Current.Clusters.Values.OrderBy(c => c.Id, StringComparer.Ordinal))
            {
                var entries = await target.Affinity.Operator.CountAsync(cluster.Id, cancellationToken);
                clusters.Add(Describe(cluster.Id, cluster.Model, entries));
            }

            return Results.Json(new ClusterListDocument(clusters), AdminJson.Default.ClusterListDocument);
        });

    private static ClusterDocument Describe(string id, ClusterModel model, long entries) => new(
        id,
        model.Config.LoadBalancingPolicy,
        model.Config.SessionAffinity.Enabled ? model.Config.SessionAffinity.Policy : null,
        entries,
        [.. model.Destinations.Select(Describe)]);

    private static DestinationDocument Describe(DestinationState destination) => new(
        destination.Id,
        destination.Model.Config.Address,
        destination.Model.Config.Weight,
        State: "active",
        destination.InFlight,
        destination.Capabilities is { } capabilities ? CapabilityNames.Of(capabilities) : null);
}
