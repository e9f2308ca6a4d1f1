namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>A row of the report: all iterations, or all runs of one step.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Ok">How many went well.</param>
/// <param name="Failed">How many did not.</param>
/// <param name="Bytes">Octets of message text in those that went well.</param>
/// <param name="Rate">How many a second went well.</param>
/// <param name="Latency">How long those that went well took.</param>
/// <param name="Failures">How many of those that did not, by code.</param>
public sealed record RowSummary(
    string Name, long Ok, long Failed, long Bytes, double Rate, LatencySummary Latency, IReadOnlyDictionary<string, FailureSummary> Failures)
{
    /// <summary>Share of failures in percent.</summary>
    public double FailedPercent => Ok + Failed == 0 ? 0 : 100.0 * Failed / (Ok + Failed);
}
