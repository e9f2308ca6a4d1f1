using Prometheus;
using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>What runs on each destination, read from its state when metrics are collected: nothing is kept twice.</summary>
internal sealed class DestinationMetrics
{
    private readonly Func<IEnumerable<DestinationState>> _destinations;
    private readonly Gauge _inFlight;

    /// <summary>Creates the metrics.</summary>
    /// <param name="metrics">Where they are made; must belong to <paramref name="registry"/>.</param>
    /// <param name="registry">Where they are collected.</param>
    /// <param name="destinations">The destinations of the present configuration.</param>
    public DestinationMetrics(IMetricFactory metrics, CollectorRegistry registry, Func<IEnumerable<DestinationState>> destinations)
    {
        _destinations = destinations;
        _inFlight = metrics.CreateGauge(
            "smtpproxy_destination_inflight", "Transactions that run on a destination now.", ["cluster", "destination"]);
        registry.AddBeforeCollectCallback(Collect);
    }

    private void Collect()
    {
        var gone = _inFlight.GetAllLabelValues().ToHashSet(LabelsComparer.Instance);
        foreach (var destination in _destinations())
        {
            string[] labels = [destination.ClusterId, destination.Id];
            gone.Remove(labels);
            _inFlight.WithLabels(labels).Set(destination.InFlight);
        }

        foreach (var labels in gone)
        {
            _inFlight.RemoveLabelled(labels);
        }
    }

    private sealed class LabelsComparer : IEqualityComparer<string[]>
    {
        public static readonly LabelsComparer Instance = new();

        public bool Equals(string[]? x, string[]? y) => x is null || y is null ? x == y : x.AsSpan().SequenceEqual(y);

        public int GetHashCode(string[] labels) => HashCode.Combine(labels.Length, string.GetHashCode(labels[^1], StringComparison.Ordinal));
    }
}
