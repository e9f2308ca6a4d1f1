using System.Net;
using SmtpProxy.LoadTests.Measuring;
using SmtpProxy.LoadTests.Reporting;
using SmtpProxy.LoadTests.Running;
using SmtpProxy.LoadTests.Scenarios;
using SmtpProxy.LoadTests.Scenarios.Beds;

namespace SmtpProxy.LoadTests.Commands;

/// <summary>Runs the scenarios one after the other, each on a system of its own unless a target is named.</summary>
internal sealed class LoadTestRun(RunOptions options, TextWriter output, TimeProvider time)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var code = ExitCode.Ok;
        foreach (var name in options.Scenarios)
        {
            var report = await RunScenarioAsync(name, cancellationToken);
            await new SummaryText(output).WriteAsync(report);
            if (options.Report is { } folder)
            {
                await ReportFiles.WriteAsync(folder, report, CancellationToken.None);
                await output.WriteLineAsync($"report: {Path.Combine(folder, name)}.md and .json");
            }

            code = report.IsMet ? code : ExitCode.Missed;
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        return code;
    }

    private async Task<RunReport> RunScenarioAsync(string name, CancellationToken cancellationToken)
    {
        await using var bed = options.Target is null ? await BuiltInSystem.StartAsync(options.Settings, time, cancellationToken) : null;
        var target = options.Target ?? bed!.EndPoint;
        var scenario = ScenarioCatalog.Create(name, new ScenarioOptions
        {
            Target = target,
            Bed = bed,
            Duration = options.Phases.Count > 0 ? new LoadPlan(options.Phases).Duration : options.Duration,
            Copies = options.Copies,
            MessageSize = options.Size,
            Senders = options.Senders,
            Time = time,
        });
        var plan = options.Phases.Count > 0 ? new LoadPlan(options.Phases) : scenario.DefaultPlan;
        await output.WriteLineAsync($"{name}: {plan}, to {Describe(target, bed)}");

        await scenario.InitAsync(cancellationToken);
        var started = time.GetUtcNow();
        var summary = await LoadAsync(scenario, plan, bed, cancellationToken);
        await scenario.CleanAsync();
        var outcomes = (options.Thresholds.Count > 0 ? options.Thresholds : scenario.Thresholds).Select(bound => bound.Check(summary.Run)).ToArray();
        return new RunReport(started, Describe(target, bed), plan.ToString(), summary.Run, outcomes, summary.System);
    }

    private async Task<(ScenarioSummary Run, SystemFigures? System)> LoadAsync(
        ILoadScenario scenario, LoadPlan plan, BuiltInSystem? bed, CancellationToken cancellationToken)
    {
        var runner = new LoadRunner(scenario, time, options.Seed);
        // A scenario that breaks something counts its time from the first iteration.
        if (options.WarmUp > TimeSpan.Zero && !ScenarioCatalog.NeedingBed.Contains(scenario.Name))
        {
            await runner.RunAsync(WarmUp(plan), recorder: null, cancellationToken);
        }

        var before = SystemFigures.Of(bed);
        var recorder = new RunRecorder(scenario.Name, time);
        await new ProgressView(output, recorder, time).ShowAsync(runner.RunAsync(plan, recorder, cancellationToken));
        return (recorder.Summarize(), SystemFigures.Of(bed)?.Since(before!));
    }

    private LoadPlan WarmUp(LoadPlan plan)
    {
        var first = plan.Phases.FirstOrDefault(static phase => phase.Kind != PhaseKind.Pause) ?? plan.Phases[0];
        return LoadPlan.Of(first with { During = options.WarmUp });
    }

    private static string Describe(IPEndPoint target, BuiltInSystem? bed) =>
        bed is null ? target.ToString() : $"a proxy of our own with three sinks ({target})";
}
