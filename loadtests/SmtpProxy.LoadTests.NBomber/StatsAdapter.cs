using NBomber.Contracts.Stats;
using SmtpProxy.LoadTests.Scenarios;

namespace SmtpProxy.LoadTests.NBomber;

/// <summary>NBomber's figures as thresholds see them.</summary>
internal static class StatsAdapter
{
    private static readonly Dictionary<string, FailureSummary> Unknown = [];

    /// <summary>The figures of one scenario.</summary>
    public static ScenarioSummary Translate(ScenarioStats stats) => new(
        stats.ScenarioName,
        stats.Duration,
        Translate("iteration", stats.Ok, stats.Fail),
        [.. stats.StepStats.Select(static step => Translate(step.StepName, step.Ok, step.Fail))]);

    // NBomber has no 90th and no 99.9th percentile: a bound on them is never met.
    private static RowSummary Translate(string name, MeasurementStats ok, MeasurementStats fail) => new(
        name,
        ok.Request.Count,
        fail.Request.Count,
        ok.DataTransfer.AllBytes,
        ok.Request.RPS,
        new LatencySummary(
            ok.Latency.MinMs,
            ok.Latency.MeanMs,
            ok.Latency.Percent50,
            ok.Latency.Percent75,
            double.NaN,
            ok.Latency.Percent99,
            double.NaN,
            ok.Latency.MaxMs),
        Unknown);
}
