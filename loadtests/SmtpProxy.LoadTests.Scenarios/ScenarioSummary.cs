namespace SmtpProxy.LoadTests.Scenarios;

/// <summary>What a run of a scenario came to.</summary>
/// <param name="Scenario">Its name.</param>
/// <param name="Elapsed">From the first measured iteration to the end of the last.</param>
/// <param name="Iterations">Whole iterations; in an open phase measured from when they should have begun.</param>
/// <param name="Steps">Each step, measured from its own beginning.</param>
public sealed record ScenarioSummary(string Scenario, TimeSpan Elapsed, RowSummary Iterations, IReadOnlyList<RowSummary> Steps);
