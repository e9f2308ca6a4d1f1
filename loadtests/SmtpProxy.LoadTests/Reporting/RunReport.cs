using SmtpProxy.LoadTests.Scenarios;
using SmtpProxy.LoadTests.Scenarios.Thresholds;

namespace SmtpProxy.LoadTests.Reporting;

/// <summary>A run and what is to be said of it.</summary>
/// <param name="Started">When the measured load began.</param>
/// <param name="Target">What it went to.</param>
/// <param name="Plan">How much load.</param>
/// <param name="Run">What came of it.</param>
/// <param name="Thresholds">The bounds.</param>
/// <param name="System">The system's own figures; null when it is somebody else's.</param>
internal sealed record RunReport(
    DateTimeOffset Started, string Target, string Plan, ScenarioSummary Run, IReadOnlyList<ThresholdOutcome> Thresholds, SystemFigures? System)
{
    /// <summary>True when all bounds hold.</summary>
    public bool IsMet => Thresholds.All(static bound => bound.IsMet);

    /// <summary>All rows, the iterations first.</summary>
    public IEnumerable<RowSummary> Rows => Run.Steps.Prepend(Run.Iterations);
}
