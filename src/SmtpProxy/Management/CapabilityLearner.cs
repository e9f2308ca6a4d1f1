using SmtpProxy.Backends;
using SmtpProxy.Model;
using SmtpProxy.Routing;

namespace SmtpProxy.Management;

/// <summary>Asks the destinations that nothing is known of yet what they offer, so that the first clients are offered it too. Only for listeners
/// whose capabilities the operator has not fixed; each destination until it has answered once. The session goes into the pool.</summary>
internal sealed class CapabilityLearner(SnapshotSource source, BackendPools pools, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private Task _learning = Task.CompletedTask;

    /// <summary>Begins to ask.</summary>
    public void Start() => _learning = LearnInBackgroundAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _learning;
        _stop.Dispose();
    }

    private async Task LearnInBackgroundAsync()
    {
        // Away from the caller: a start is not delayed by servers.
        await Task.Yield();
        try
        {
            while (true)
            {
                await Task.WhenAll(Unknown().Select(found => LearnAsync(found.Destination, found.Hostname)));

                // A fifth of jitter, so that proxies started together do not ask together.
                await Task.Delay(Interval * (0.9 + (0.2 * Random.Shared.NextDouble())), time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The proxy stops.
        }
    }

    private async Task LearnAsync(DestinationState destination, string hostname)
    {
        var lease = await pools.AcquireAsync(destination, new SessionRequest(hostname, this), _stop.Token);
        if (lease.Session is { } session)
        {
            pools.Return(session, owner: this);
            pools.ReleaseOwner(this);
        }
    }

    private List<(DestinationState Destination, string Hostname)> Unknown()
    {
        var snapshot = source.Current;
        var unknown = new List<(DestinationState, string)>();
        foreach (var (name, listener) in snapshot.Config.Listeners)
        {
            if (listener.Capabilities is not null)
            {
                continue;
            }

            foreach (var destination in snapshot.Routes.ClustersOf(name).SelectMany(static cluster => cluster.Model.Destinations))
            {
                if (destination.Capabilities is null && !unknown.Exists(known => ReferenceEquals(known.Item1, destination)))
                {
                    unknown.Add((destination, listener.Hostname));
                }
            }
        }

        return unknown;
    }
}
