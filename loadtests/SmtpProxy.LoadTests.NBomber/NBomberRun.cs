using NBomber.CSharp;
using SmtpProxy.LoadTests.Scenarios;
using SmtpProxy.LoadTests.Scenarios.Beds;

namespace SmtpProxy.LoadTests.NBomber;

/// <summary>The program: <c>SCENARIO [SECONDS [HOST:PORT [OWNED-HOST]]]</c>. Without a target it starts a system of its own.</summary>
internal static class NBomberRun
{
    private const int Missed = 2;
    private const int Usage = 64;

    /// <summary>Runs; the exit code is 2 when a threshold is missed, which NBomber itself does not tell.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        try
        {
            var target = arguments.Length > 2
                ? await TargetGuard.ResolveAsync(arguments[2], arguments.ElementAtOrDefault(3), CancellationToken.None)
                : null;
            await using var bed = target is null
                ? await BuiltInSystem.StartAsync(new Dictionary<string, string>(), TimeProvider.System, CancellationToken.None)
                : null;
            var scenario = ScenarioCatalog.Create(arguments.ElementAtOrDefault(0) ?? "connect-per-message", new ScenarioOptions
            {
                Target = target ?? bed!.EndPoint,
                Bed = bed,
                Duration = TimeSpan.FromSeconds(int.Parse(arguments.ElementAtOrDefault(1) ?? "10", null)),
            });
            var warmUp = TimeSpan.FromSeconds(ScenarioCatalog.NeedingBed.Contains(scenario.Name) ? 0 : 2);
            var stats = NBomberRunner.RegisterScenarios(ScenarioAdapter.Create(scenario, warmUp)).WithReportFolder("reports").Run();
            var summary = StatsAdapter.Translate(stats.ScenarioStats[0]);
            var outcomes = scenario.Thresholds.Select(bound => bound.Check(summary)).ToArray();
            Console.WriteLine(string.Join(Environment.NewLine, outcomes.Select(static outcome => $"threshold {outcome}")));
            return outcomes.All(static outcome => outcome.IsMet) ? 0 : Missed;
        }
        catch (Exception e) when (e is UsageException or ArgumentException or FormatException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Usage;
        }
    }
}
