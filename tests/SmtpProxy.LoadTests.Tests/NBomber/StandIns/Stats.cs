namespace NBomber.Contracts.Stats;

internal sealed record RequestStats(int Count, double RPS);

internal sealed record LatencyStats(double MinMs, double MeanMs, double MaxMs, double Percent50, double Percent75, double Percent95, double Percent99);

internal sealed record DataTransferStats(long AllBytes);

internal sealed record MeasurementStats(RequestStats Request, LatencyStats Latency, DataTransferStats DataTransfer);

internal sealed record StepStats(string StepName, MeasurementStats Ok, MeasurementStats Fail);

internal sealed record ScenarioStats(string ScenarioName, MeasurementStats Ok, MeasurementStats Fail, StepStats[] StepStats, TimeSpan Duration);

internal sealed record NodeStats(ScenarioStats[] ScenarioStats);
