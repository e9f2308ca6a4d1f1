using System.Net;
using System.Text.Json;
using SmtpProxy.TestKit;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>The configuration of a proxy before the pool.</summary>
public sealed record PoolSettings
{
    /// <summary>Identifier of the cluster.</summary>
    public const string Cluster = "pool";

    /// <summary>The servers by identifier.</summary>
    public required IReadOnlyDictionary<string, IPEndPoint> Destinations { get; init; }

    /// <summary>The section <c>AffinityStore</c>.</summary>
    public required object Store { get; init; }

    /// <summary>How new senders are given a destination.</summary>
    public string LoadBalancingPolicy { get; init; } = "BoundedRendezvous";

    /// <summary>Writes the configuration with ports of its own.</summary>
    public ProxySetup CreateSetup()
    {
        var listener = FreePorts.NextEndPoint();
        var admin = FreePorts.NextEndPoint();
        var configuration = new
        {
            SmtpProxy = new
            {
                Listeners = new { mx = new { Address = listener.ToString(), Hostname = "mx.example.com" } },
                Routes = new { @default = new { ClusterId = Cluster } },
                Clusters = new Dictionary<string, object>
                {
                    [Cluster] = new
                    {
                        LoadBalancingPolicy,
                        SessionAffinity = new { Policy = "SenderAddress" },
                        Destinations = Destinations.ToDictionary(pair => pair.Key, pair => new { Address = pair.Value.ToString() }),
                    },
                },
                AffinityStore = Store,
                Admin = new { Address = admin.ToString() },
            },
        };
        return new ProxySetup(
            JsonSerializer.Serialize(configuration), new Dictionary<string, IPEndPoint> { ["mx"] = listener }, new Uri($"http://{admin}"));
    }
}
