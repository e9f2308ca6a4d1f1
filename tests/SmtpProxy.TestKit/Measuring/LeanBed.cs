using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Hosting;

namespace SmtpProxy.TestKit.Measuring;

/// <summary>A proxy in this process, with its defaults, between clients and a server that allocate nothing.</summary>
internal sealed class LeanBed : IAsyncDisposable
{
    private const int StoreEntries = 1000;

    private readonly LeanServer _server = new();
    private readonly IPEndPoint _listen = FreePorts.NextEndPoint();
    private readonly ProxyRuntime _proxy;

    private LeanBed(string transport)
    {
        // The capabilities are given, and kept sessions are kept: no server is connected to but for the first message.
        var result = ConfigLoader.Parse(
            $$"""
            { "SmtpProxy": {
              "Listeners": { "mx": { "Address": "{{_listen}}", "Hostname": "mx.example.com", "Capabilities": [],
                "Limits": { "MaxConnections": 50000, "MaxConnectionsPerClient": 50000 } } },
              "Clusters": { "pool": { "Connection": { "MaxTransactions": 1000000 }, "Destinations": { "s1": { "Address": "{{_server.EndPoint}}" } } } } } }
            """,
            AppContext.BaseDirectory);
        _proxy = ProxyRuntimeFactory.Create(
            result.Config ?? throw new InvalidOperationException(string.Join('\n', result.Errors)),
            new MemoryAffinityStore(StoreEntries, TimeProvider.System), Metrics.NewCustomRegistry(), Stream.Null,
            ProxyExtensions.None with { Transport = TestedTransport.Of(transport) }, TimeProvider.System, NullLoggerFactory.Instance);
    }

    /// <summary>Octets allocated in this process, but for what this thread and the server have allocated.</summary>
    public long Allocated => GC.GetTotalAllocatedBytes(precise: true) - GC.GetAllocatedBytesForCurrentThread() - _server.Allocated;

    /// <summary>Starts one over that transport.</summary>
    public static async Task<LeanBed> StartAsync(string transport)
    {
        var bed = new LeanBed(transport);
        await bed._proxy.StartAsync(CancellationToken.None);
        return bed;
    }

    public LeanClient Connect() => new(_listen);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _proxy.StopAsync(atOnce.Token);
        await _proxy.DisposeAsync();
        _server.Dispose();
    }
}
