namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>Failures of one kind.</summary>
/// <param name="Count">How many.</param>
/// <param name="Example">What was said at the first.</param>
public sealed record FailureSummary(long Count, string? Example);
