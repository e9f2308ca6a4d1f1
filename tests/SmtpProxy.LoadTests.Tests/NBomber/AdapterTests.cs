using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using SmtpProxy.LoadTests.NBomber;
using SmtpProxy.LoadTests.Scenarios;
using SmtpProxy.LoadTests.Tests.Running;
using Xunit;

namespace SmtpProxy.LoadTests.Tests.NBomber;

public sealed class AdapterTests
{
    [Fact]
    public async Task Create_Iteration_GivesCodesWithTheStepsOnly()
    {
        var props = ScenarioAdapter.Create(new CountingScenario(TimeSpan.Zero, new StepOutcome(false, "451", 0, "later")), TimeSpan.Zero);
        Step.Seen.Clear();

        var response = await props.Run(new Context());

        Assert.Equal(("counting", "later", ""), (props.ScenarioName, response.Message, response.StatusCode));
        var step = Assert.Single(Step.Seen);
        Assert.Equal(("wait#7", "451", true), (step.Name, step.Response.StatusCode, step.Response.IsError));
    }

    [Fact]
    public void Create_Settings_AreThoseThatNBomberNeedsToBeTold()
    {
        var plan = LoadPlan.Of(LoadPhase.KeepConstant(3, TimeSpan.FromSeconds(1)), LoadPhase.RampingInject(50, TimeSpan.FromSeconds(2)), LoadPhase.Pause(TimeSpan.FromSeconds(3)));

        var props = ScenarioAdapter.Create(new CountingScenario(TimeSpan.Zero) { DefaultPlan = plan }, TimeSpan.FromSeconds(4));

        Assert.False(props.RestartIterationOnFail);
        Assert.Equal(TimeSpan.FromSeconds(4), props.WarmUpDuration);
        Assert.Equal(["KeepConstant 3", "RampingInject 50", "Pause 0"], props.LoadSimulations.Select(static one => $"{one.Kind} {one.Load}"));
    }

    [Fact]
    public void Translate_Stats_AreFiguresThatThresholdsCheck()
    {
        var ok = new MeasurementStats(new RequestStats(90, 9), new LatencyStats(1, 2, 9, 3, 4, 5, 6), new DataTransferStats(1000));
        var fail = ok with { Request = new RequestStats(10, 1) };

        var summary = StatsAdapter.Translate(new ScenarioStats("s", ok, fail, [new StepStats("message", ok, fail)], TimeSpan.FromSeconds(10)));

        Assert.Equal((90, 10, 10.0, 6.0), (summary.Iterations.Ok, summary.Iterations.Failed, summary.Iterations.FailedPercent, summary.Iterations.Latency.P99));
        Assert.Equal(1000, Assert.Single(summary.Steps).Bytes);
    }

    private sealed class Context : IScenarioContext
    {
        public ScenarioInfo ScenarioInfo { get; } = new("t", 7, "counting", TimeSpan.FromSeconds(1));

        public int InvocationNumber => 1;
    }
}
