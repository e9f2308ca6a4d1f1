using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Tests.Routing;

/// <summary>Clusters whose destinations are written as <c>name</c>, <c>name:weight</c> or <c>name:weight:region</c>.</summary>
internal static class Clusters
{
    public static ClusterState Of(params string[] destinations) => Of(new ClusterConfig(), destinations);

    public static ClusterState Of(ClusterConfig config, params string[] destinations) =>
        new("pool", new ClusterModel(config, [.. destinations.Select(Destination)]));

    public static DestinationState[] Destinations(this ClusterState cluster) => [.. cluster.Model.Destinations];

    public static DestinationState Busy(this DestinationState destination, int transactions)
    {
        for (var i = 0; i < transactions; i++)
        {
            destination.Enter();
        }

        return destination;
    }

    private static DestinationState Destination(string text)
    {
        var parts = text.Split(':');
        var config = new DestinationConfig
        {
            Address = parts[0],
            Weight = parts.Length > 1 ? int.Parse(parts[1]) : 1,
            Labels = parts.Length > 2 ? new Dictionary<string, string> { ["region"] = parts[2] } : new Dictionary<string, string>(),
        };
        return new DestinationState("pool", parts[0], new DestinationModel(config, new ConnectionConfig(), parts[0], 25));
    }
}
