using Prometheus;
using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>The metrics of affinity. No sender is ever a label.</summary>
internal sealed class AffinityMetrics
{
    private static readonly double[] StoreBuckets = [.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5];

    private readonly Counter.Child[] _lookups;
    private readonly Gauge _entries;
    private readonly Gauge _storeUp;
    private readonly Histogram _storeCalls;
    private readonly Counter _storeFailures;
    private readonly Gauge _queuedWrites;
    private readonly Counter _droppedWrites;
    private readonly Counter _reroutes;

    public AffinityMetrics(CollectorRegistry registry)
    {
        Registry = registry;
        var factory = Metrics.WithCustomRegistry(registry);
        var lookups = factory.CreateCounter("smtpproxy_affinity_lookups_total", "Affinity look-ups of transactions by result.", "result");
        _lookups = [.. Enum.GetValues<AffinityUse>().Select(use => lookups.WithLabels(NameOf(use)))];
        _entries = factory.CreateGauge("smtpproxy_affinity_entries", "Affinity entries in this proxy's memory.", "cluster");
        _storeUp = factory.CreateGauge("smtpproxy_store_up", "1 while the affinity store answers.");
        _storeCalls = factory.CreateHistogram(
            "smtpproxy_store_operation_seconds",
            "Duration of calls of the affinity store.",
            ["op"],
            new HistogramConfiguration { Buckets = StoreBuckets });
        _storeFailures = factory.CreateCounter("smtpproxy_store_failures_total", "Calls that the affinity store did not answer.", "op");
        _queuedWrites = factory.CreateGauge("smtpproxy_affinity_queued_writes", "Writes that wait for the affinity store.");
        _droppedWrites = factory.CreateCounter("smtpproxy_affinity_dropped_writes_total", "Writes given up because too many waited.");
        _reroutes = factory.CreateCounter("smtpproxy_reroutes_total", "Affinity entries moved to another destination.", "cluster", "reason");
    }

    /// <summary>Where the metrics are published.</summary>
    public CollectorRegistry Registry { get; }

    /// <summary>The transactions counted so far with this result.</summary>
    public double Lookups(AffinityUse use) => _lookups[(int)use].Value;

    /// <summary>Counts one transaction.</summary>
    public void CountLookup(AffinityUse use) => _lookups[(int)use].Inc();

    /// <summary>Counts an entry that this proxy moved.</summary>
    public void CountReroute(string cluster, AffinityReason reason) => _reroutes.WithLabels(cluster, NameOf(reason)).Inc();

    public void CountStoreFailure(string operation) => _storeFailures.WithLabels(operation).Inc();

    public void ObserveStoreCall(string operation, TimeSpan duration) => _storeCalls.WithLabels(operation).Observe(duration.TotalSeconds);

    public void CountDroppedWrite() => _droppedWrites.Inc();

    /// <summary>Publishes the present state, just before it is collected.</summary>
    public void Publish(bool isStoreUp, int queuedWrites, IEnumerable<KeyValuePair<string, long>> entries)
    {
        _storeUp.Set(isStoreUp ? 1 : 0);
        _queuedWrites.Set(queuedWrites);
        foreach (var (cluster, count) in entries)
        {
            _entries.WithLabels(cluster).Set(count);
        }
    }

    private static string NameOf(AffinityUse use) => use switch
    {
        AffinityUse.Hit => "hit",
        AffinityUse.New => "new",
        AffinityUse.Moved => "moved",
        AffinityUse.Hash => "hash",
        _ => "none",
    };

    private static string NameOf(AffinityReason reason) => reason switch
    {
        AffinityReason.Assigned => "assigned",
        AffinityReason.Rerouted => "rerouted",
        AffinityReason.Pinned => "pinned",
        AffinityReason.Rebalanced => "rebalanced",
        _ => "none",
    };
}
