using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Hosting;
using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Servers;

namespace SmtpProxy.FunctionalTests.Sessions;

/// <summary>A proxy in this process, on loopback sockets, before scripted servers; keeps the outcome records.</summary>
internal sealed class ProxyHarness : ITransactionObserver, IAsyncDisposable
{
    private readonly ProxyRuntime _runtime;
    private readonly ConcurrentQueue<TransactionRecord> _records = new();

    private ProxyHarness(ProxyConfig config, IPEndPoint endPoint, TimeProvider time)
    {
        EndPoint = endPoint;
        Registry = Metrics.NewCustomRegistry();
        Store = new MemoryAffinityStore(1000, time);
        var extensions = ProxyExtensions.None with { Observers = [this], Transport = TestedTransport.Current };
        _runtime = ProxyRuntimeFactory.Create(config, Store, Registry, Stream.Null, extensions, time, NullLoggerFactory.Instance);
    }

    public IPEndPoint EndPoint { get; }

    public CollectorRegistry Registry { get; }

    public IAffinityStore Store { get; }

    public ProxyRuntime Runtime => _runtime;

    public IReadOnlyList<TransactionRecord> Records => [.. _records];

    /// <summary>Starts a proxy before <paramref name="servers"/>, which are asked in alphabetical order.</summary>
    /// <param name="servers">The destinations.</param>
    /// <param name="listener">Keys of the listener, as JSON; null: none.</param>
    /// <param name="cluster">Keys of the cluster, as JSON; null: none.</param>
    /// <param name="time">The clock; null: the system's.</param>
    public static async Task<ProxyHarness> StartAsync(
        IReadOnlyList<ScriptedServer> servers, string? listener = null, string? cluster = null, TimeProvider? time = null)
    {
        var endPoint = FreePorts.NextEndPoint();
        var listen = Parse(listener);
        listen["Address"] = endPoint.ToString();
        listen["Hostname"] = "proxy.example.com";
        if (!listen.ContainsKey("Capabilities"))
        {
            // Fixed, so that no server is connected to but for mail.
            listen["Capabilities"] = new JsonArray();
        }

        var pool = Parse(cluster);
        pool["LoadBalancingPolicy"] ??= "FirstAlphabetical";
        pool["Destinations"] ??= new JsonObject(servers.Select(server =>
            KeyValuePair.Create<string, JsonNode?>(server.Name, new JsonObject { ["Address"] = server.EndPoint.ToString() })));
        var root = new JsonObject
        {
            ["SmtpProxy"] = new JsonObject
            {
                ["Listeners"] = new JsonObject { ["mx"] = listen },
                ["Clusters"] = new JsonObject { ["pool"] = pool },
                ["AffinityStore"] = new JsonObject { ["Keys"] = "Plain" },
                ["Shutdown"] = new JsonObject { ["DrainTimeout"] = "2s" },
            },
        };
        return await StartAsync(root.ToJsonString(), endPoint, time);
    }

    /// <summary>Starts a proxy with this configuration, which listens at <paramref name="endPoint"/>.</summary>
    public static async Task<ProxyHarness> StartAsync(string json, IPEndPoint endPoint, TimeProvider? time = null)
    {
        var result = ConfigLoader.Parse(json, AppContext.BaseDirectory);
        var config = result.Config ?? throw new InvalidOperationException(string.Join('\n', result.Errors));
        var harness = new ProxyHarness(config, endPoint, time ?? TimeProvider.System);
        await harness._runtime.StartAsync(CancellationToken.None);
        return harness;
    }

    public void OnCompleted(TransactionRecord record) => _records.Enqueue(record);

    /// <summary>Waits until so many transactions have been accounted for and returns them.</summary>
    public async Task<IReadOnlyList<TransactionRecord>> RecordsAsync(int count, CancellationToken cancellationToken)
    {
        await Poll.UntilAsync(() => _records.Count >= count, TimeSpan.FromSeconds(30), $"{count} records", cancellationToken);
        return Records;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _runtime.StopAsync(atOnce.Token);
        await _runtime.DisposeAsync();
    }

    private static JsonObject Parse(string? json) => json is null ? [] : (JsonObject)JsonNode.Parse(
        json, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true })!;
}
