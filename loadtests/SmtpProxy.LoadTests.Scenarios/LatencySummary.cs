namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>How long something took, in milliseconds.</summary>
public sealed record LatencySummary(double Min, double Mean, double P50, double P75, double P90, double P99, double P999, double Max)
{
    /// <summary>Nothing was measured.</summary>
    public static LatencySummary None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0);
}
