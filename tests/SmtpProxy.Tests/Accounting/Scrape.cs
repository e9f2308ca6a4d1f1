using System.Text;
using Prometheus;

namespace SmtpProxy.Tests.Accounting;

/// <summary>A registry of its own, read as Prometheus reads it.</summary>
internal sealed class Scrape
{
    public Scrape()
    {
        Registry = Metrics.NewCustomRegistry();
        Factory = Metrics.WithCustomRegistry(Registry);
    }

    public CollectorRegistry Registry { get; }

    public IMetricFactory Factory { get; }

    /// <summary>All samples, without comments.</summary>
    public async Task<string[]> ReadAsync(CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream();
        await Registry.CollectAndExportAsTextAsync(stream, ExpositionFormat.PrometheusText, cancellationToken);
        return [.. Encoding.UTF8.GetString(stream.ToArray()).Split('\n').Where(static line => line.Length > 0 && line[0] != '#')];
    }
}
