using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using SmtpProxy.Backends;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using Xunit;

namespace SmtpProxy.Tests.Backends;

/// <summary>Pools over scripted servers, with one destination.</summary>
internal sealed class PoolHarness : IAsyncDisposable
{
    public const string Hostname = "proxy.example.com";

    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(10);

    public PoolHarness(IBackendTransport transport, TimeProvider time, ConnectionConfig? connection = null, string host = "127.0.0.1", int port = 25)
    {
        Registry = Metrics.NewCustomRegistry();
        Destination = new DestinationState("pool", "mta1", Model(connection ?? new(), host, port));
        Pools = new BackendPools(transport, new PoolMetrics(Metrics.WithCustomRegistry(Registry)), time, NullLogger<BackendPools>.Instance);
    }

    public CollectorRegistry Registry { get; }

    public DestinationState Destination { get; }

    public BackendPools Pools { get; }

    public static DestinationModel Model(ConnectionConfig connection, string host, int port) =>
        new(new DestinationConfig { Address = $"{host}:{port}", Connection = new() }, connection, host, port);

    /// <summary>Puts other settings in force; the address stays.</summary>
    public void Reload(ConnectionConfig connection) =>
        Destination.Model = Model(connection, Destination.Model.Host, Destination.Model.Port);

    public async Task<LeaseResult> AcquireAsync(object owner, bool fresh = false, string hostname = Hostname) =>
        await Pools.AcquireAsync(Destination, new SessionRequest(hostname, owner) { Fresh = fresh }, TestContext.Current.CancellationToken);

    /// <summary>A session for a client, which there must be.</summary>
    public async Task<BackendSession> LeaseAsync(object owner, ForwardedClient client, bool fresh = false)
    {
        var lease = await Pools.AcquireAsync(
            Destination, new SessionRequest(Hostname, owner) { Client = client, Fresh = fresh }, TestContext.Current.CancellationToken);
        Assert.NotNull(lease.Session);
        return lease.Session;
    }

    /// <summary>A session, which there must be.</summary>
    public async Task<BackendSession> LeaseAsync(object owner, bool fresh = false, string hostname = Hostname)
    {
        var lease = await AcquireAsync(owner, fresh, hostname);
        Assert.NotNull(lease.Session);
        Assert.Equal(AttemptResult.None, lease.Result);
        return lease.Session;
    }

    /// <summary>Sends one command and reads its reply.</summary>
    public static async Task<int> CommandAsync(BackendSession session, string command)
    {
        session.Output.Write(System.Text.Encoding.ASCII.GetBytes(command + "\r\n"));
        session.Expect(1);
        await session.FlushAsync(ReplyTimeout);
        return await session.ReadReplyAsync(ReplyTimeout) == ReplyRead.Reply ? session.Reply.Code : 0;
    }

    /// <summary>A gauge of the registry as it would be scraped; null when it is not there.</summary>
    public async Task<string?> GaugeAsync(string series)
    {
        using var stream = new MemoryStream();
        await Registry.CollectAndExportAsTextAsync(stream, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n')
            .FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal))?[(series.Length + 1)..];
    }

    public ValueTask DisposeAsync() => Pools.DisposeAsync();
}
