using SmtpProxy.LoadTests.Measuring;
using SmtpProxy.LoadTests.Running;
using SmtpProxy.LoadTests.Scenarios;
using Xunit;

namespace SmtpProxy.LoadTests.Tests.Running;

public sealed class LoadRunnerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task RunAsync_OpenPhaseAndTargetThatStalls_ShowsTheWaitOfAllThatWereDue()
    {
        using var scenario = new StallingScenario(Second * 0.5, Second * 1.5);

        var summary = await RunAsync(scenario, LoadPhase.Inject(200, Second * 2));

        // Half of all that was due came in the second in which nothing moved: their times reach from a second down to nothing.
        Assert.InRange(summary.Iterations.Ok, 390, 401);
        Assert.InRange(summary.Iterations.Latency.P75, 300, 5000);
        Assert.InRange(summary.Iterations.Latency.P99, 850, 10_000);
    }

    [Fact]
    public async Task RunAsync_ClosedPhaseAndTargetThatStalls_WaitsWithIt()
    {
        using var scenario = new StallingScenario(Second * 0.5, Second * 1.5);

        var summary = await RunAsync(scenario, LoadPhase.KeepConstant(2, Second * 2));

        Assert.Equal(2, scenario.MostAtATime);
        Assert.InRange(summary.Iterations.Latency.Max, 850, 10_000);
        Assert.True(summary.Iterations.Latency.P75 < 300, "All but two iterations were done outside the stall.");
    }

    [Fact]
    public async Task RunAsync_RampOfCopies_EndsWithAllOfThemAndNoMore()
    {
        var scenario = new CountingScenario(Second * 0.01);

        await RunAsync(scenario, LoadPhase.RampingConstant(8, Second), LoadPhase.KeepConstant(8, Second * 0.3), LoadPhase.KeepConstant(2, Second * 0.3));

        Assert.Equal(8, scenario.MostAtATime);
        Assert.Equal(0, scenario.Running);
    }

    [Fact]
    public async Task RunAsync_CopiesSideBySide_NeverShareANumber()
    {
        var scenario = new CountingScenario(Second * 0.02);

        await RunAsync(scenario, LoadPhase.Inject(500, Second));

        Assert.False(scenario.HasOverlap);
        Assert.InRange(scenario.Iterations, 490, 501);
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsEarlyWithWhatWasMeasured()
    {
        using var stop = new CancellationTokenSource(Second * 0.3, TimeProvider.System);
        var scenario = new CountingScenario(Second * 0.01);
        var recorder = new RunRecorder(scenario.Name, TimeProvider.System);

        await new LoadRunner(scenario, TimeProvider.System, seed: 1).RunAsync(LoadPlan.Of(LoadPhase.KeepConstant(2, Second * 60)), recorder, stop.Token);

        Assert.InRange(recorder.Elapsed, TimeSpan.Zero, Second * 20);
        Assert.True(recorder.Summarize().Iterations.Ok > 0);
    }

    [Fact]
    public async Task RunAsync_Failures_AreCountedByCodeAndNotTimed()
    {
        var scenario = new CountingScenario(TimeSpan.Zero, new StepOutcome(false, "451", 0, "451 4.3.0 try again"));

        var summary = await RunAsync(scenario, LoadPhase.Inject(100, Second * 0.5));

        Assert.Equal(0, summary.Iterations.Ok);
        Assert.Equal(summary.Iterations.Failed, summary.Iterations.Failures["451"].Count);
        Assert.Equal("451 4.3.0 try again", summary.Iterations.Failures["451"].Example);
        Assert.Equal(LatencySummary.None, summary.Iterations.Latency);
    }

    private static async Task<ScenarioSummary> RunAsync(ILoadScenario scenario, params LoadPhase[] phases)
    {
        var recorder = new RunRecorder(scenario.Name, TimeProvider.System);
        await new LoadRunner(scenario, TimeProvider.System, seed: 1).RunAsync(LoadPlan.Of(phases), recorder, TestContext.Current.CancellationToken);
        return recorder.Summarize();
    }
}
