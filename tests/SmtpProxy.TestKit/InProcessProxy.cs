using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Prometheus;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Hosting;

namespace SmtpProxy.TestKit;

/// <summary>A proxy in this process, on a loopback socket, with a store in memory.</summary>
internal sealed class InProcessProxy : IAsyncDisposable
{
    private const int StoreEntries = 1000;

    private InProcessProxy(ProxyConfig config, IPEndPoint endPoint, ProxyExtensions extensions, ILoggerFactory loggers)
    {
        EndPoint = endPoint;
        Runtime = ProxyRuntimeFactory.Create(
            config, new MemoryAffinityStore(StoreEntries, TimeProvider.System), Metrics.NewCustomRegistry(), Stream.Null, extensions with { Transport = TestedTransport.Current },
            TimeProvider.System, loggers);
    }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint EndPoint { get; }

    public ProxyRuntime Runtime { get; }

    /// <summary>Starts a proxy before <paramref name="servers"/>, which are asked in alphabetical order.</summary>
    public static async Task<InProcessProxy> StartAsync(
        IReadOnlyDictionary<string, IPEndPoint> servers, JsonObject listener, ProxyExtensions extensions, ILoggerFactory loggers)
    {
        var endPoint = FreePorts.NextEndPoint();
        listener["Address"] = endPoint.ToString();
        listener["Hostname"] = "proxy.example.com";
        var destinations = servers.Select(
            static server => KeyValuePair.Create<string, JsonNode?>(server.Key, new JsonObject { ["Address"] = server.Value.ToString() }));
        var root = new JsonObject
        {
            ["SmtpProxy"] = new JsonObject
            {
                ["Listeners"] = new JsonObject { ["mx"] = listener },
                ["Clusters"] = new JsonObject
                {
                    ["pool"] = new JsonObject { ["LoadBalancingPolicy"] = "FirstAlphabetical", ["Destinations"] = new JsonObject(destinations) },
                },
                ["AffinityStore"] = new JsonObject { ["Keys"] = "Plain" },
                ["Shutdown"] = new JsonObject { ["DrainTimeout"] = "2s" },
            },
        };
        var result = ConfigLoader.Parse(root.ToJsonString(), AppContext.BaseDirectory);
        var config = result.Config ?? throw new InvalidOperationException(string.Join('\n', result.Errors));
        var proxy = new InProcessProxy(config, endPoint, extensions, loggers);
        await proxy.Runtime.StartAsync(CancellationToken.None);
        return proxy;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await Runtime.StopAsync(atOnce.Token);
        await Runtime.DisposeAsync();
    }
}
