using NBomber.Contracts;
using NBomber.CSharp;
using SmtpProxy.LoadTests.Scenarios;

namespace SmtpProxy.LoadTests.NBomber;

/// <summary>A scenario and its plan in NBomber's terms.</summary>
internal static class ScenarioAdapter
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The scenario with the load of its own plan.</summary>
    public static ScenarioProps Create(ILoadScenario scenario, TimeSpan warmUp) =>
        Scenario.Create(scenario.Name, context => RunAsync(scenario, context))
            .WithInit(_ => scenario.InitAsync(CancellationToken.None))
            .WithClean(_ => scenario.CleanAsync())
            .WithWarmUpDuration(warmUp)
            .WithRestartIterationOnFail(false)
            .WithLoadSimulations([.. scenario.DefaultPlan.Phases.Select(Translate)]);

    private static async Task<IResponse> RunAsync(ILoadScenario scenario, IScenarioContext context)
    {
        var outcome = await scenario.RunAsync(new ContextAdapter(context), CancellationToken.None);
        // Codes and octets are given with the steps: NBomber would count them twice.
        return outcome.IsOk ? Response.Ok() : Response.Fail(message: outcome.Message ?? outcome.Code);
    }

    private static LoadSimulation Translate(LoadPhase phase) => phase.Kind switch
    {
        PhaseKind.KeepConstant => Simulation.KeepConstant(copies: (int)phase.Load, during: phase.During),
        PhaseKind.RampingConstant => Simulation.RampingConstant(copies: (int)phase.Load, during: phase.During),
        PhaseKind.Inject => Simulation.Inject(rate: (int)phase.Load, interval: Second, during: phase.During),
        PhaseKind.RampingInject => Simulation.RampingInject(rate: (int)phase.Load, interval: Second, during: phase.During),
        _ => Simulation.Pause(during: phase.During),
    };
}
