using System.Globalization;

namespace SmtpProxy.LoadTests.Scenarios.Thresholds;

/// <summary>A bound and what it was held against.</summary>
/// <param name="Threshold">The bound.</param>
/// <param name="Actual">The figure; null when there was none.</param>
/// <param name="IsMet">True when it holds.</param>
public sealed record ThresholdOutcome(Threshold Threshold, double? Actual, bool IsMet)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var actual = Actual is { } value
            ? string.Create(CultureInfo.InvariantCulture, $"{value:0.###}{Threshold.UnitOf(Threshold.Metric)}")
            : "nothing measured";
        return $"{(IsMet ? "met" : "MISSED")}: {Threshold} ({actual})";
    }
}
