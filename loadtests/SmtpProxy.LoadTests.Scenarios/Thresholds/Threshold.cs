using System.Globalization;

namespace SmtpProxy.LoadTests.Scenarios.Thresholds;

/// <summary>A bound on one figure of a run.</summary>
/// <param name="Row">The step; null: whole iterations.</param>
/// <param name="Metric">Which figure.</param>
/// <param name="IsUpper">True for at most, false for at least.</param>
/// <param name="Bound">Milliseconds, per cent, or a number.</param>
public sealed record Threshold(string? Row, ThresholdMetric Metric, bool IsUpper, double Bound)
{
    /// <summary>Looks at the end of a run. Where nothing went well, no bound on times holds.</summary>
    public ThresholdOutcome Check(ScenarioSummary summary)
    {
        var row = Row is null ? summary.Iterations : summary.Steps.FirstOrDefault(step => step.Name == Row);
        if (row is null || (row.Ok == 0 && Metric != ThresholdMetric.Failed))
        {
            return new ThresholdOutcome(this, null, false);
        }

        var actual = Metric switch
        {
            ThresholdMetric.Failed => row.FailedPercent,
            ThresholdMetric.Rate => row.Rate,
            ThresholdMetric.Mean => row.Latency.Mean,
            ThresholdMetric.P50 => row.Latency.P50,
            ThresholdMetric.P75 => row.Latency.P75,
            ThresholdMetric.P90 => row.Latency.P90,
            ThresholdMetric.P99 => row.Latency.P99,
            ThresholdMetric.P999 => row.Latency.P999,
            ThresholdMetric.Max => row.Latency.Max,
            _ => throw new InvalidOperationException($"No figure {Metric}."),
        };
        return new ThresholdOutcome(this, actual, IsUpper ? actual <= Bound : actual >= Bound);
    }

    /// <summary>At most so many failures.</summary>
    public static Threshold MaxFailed(double percent) => new(null, ThresholdMetric.Failed, true, percent);

    /// <summary>A bound on the 99th percentile.</summary>
    public static Threshold MaxP99(double milliseconds) => new(null, ThresholdMetric.P99, true, milliseconds);

    /// <inheritdoc/>
    public override string ToString()
    {
        var name = Row is null ? NameOf(Metric) : $"{Row}:{NameOf(Metric)}";
        return string.Create(CultureInfo.InvariantCulture, $"{name} {(IsUpper ? "<=" : ">=")} {Bound:0.###}{UnitOf(Metric)}");
    }

    /// <summary>What stands behind the number.</summary>
    public static string UnitOf(ThresholdMetric metric) => metric switch
    {
        ThresholdMetric.Failed => "%",
        ThresholdMetric.Rate => "/s",
        _ => "ms",
    };

    private static string NameOf(ThresholdMetric metric) => Enum.GetName(metric)!.ToLowerInvariant();
}
