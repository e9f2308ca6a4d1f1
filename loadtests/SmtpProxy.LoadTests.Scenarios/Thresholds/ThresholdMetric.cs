namespace SmtpProxy.LoadTests.Scenarios.Thresholds;

/// <summary>The figures that can be bounded.</summary>
public enum ThresholdMetric
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Share of failures in per cent.</summary>
    Failed,

    /// <summary>How many a second went well.</summary>
    Rate,

    /// <summary>Mean time.</summary>
    Mean,

    /// <summary>Median time.</summary>
    P50,

    /// <summary>75th percentile.</summary>
    P75,

    /// <summary>90th percentile.</summary>
    P90,

    /// <summary>99th percentile.</summary>
    P99,

    /// <summary>99.9th percentile.</summary>
    P999,

    /// <summary>The longest.</summary>
    Max,
}
