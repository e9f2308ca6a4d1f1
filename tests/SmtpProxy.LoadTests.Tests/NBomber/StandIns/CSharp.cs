using NBomber.Contracts;
using NBomber.Contracts.Stats;

namespace NBomber.CSharp;

internal static class Response
{
    public static Response<object> Ok(string statusCode = "", int sizeBytes = 0, string message = "", double latencyMs = 0) =>
        new(statusCode, false, sizeBytes, message, latencyMs);

    public static Response<object> Fail(string statusCode = "", string message = "", int sizeBytes = 0, double latencyMs = 0) =>
        new(statusCode, true, sizeBytes, message, latencyMs);
}

internal static class Step
{
    public static List<(string Name, IResponse Response)> Seen { get; } = [];

    public static async Task<Response<T>> Run<T>(string name, IScenarioContext context, Func<Task<Response<T>>> run)
    {
        var response = await run();
        Seen.Add(($"{name}#{context.ScenarioInfo.ThreadNumber}", response));
        return response;
    }
}

internal static class Scenario
{
    public static ScenarioProps Create(string name, Func<IScenarioContext, Task<IResponse>> run) => new() { ScenarioName = name, Run = run };

    public static ScenarioProps WithInit(this ScenarioProps scenario, Func<IScenarioInitContext, Task> initFunc) => scenario with { Init = initFunc };

    public static ScenarioProps WithClean(this ScenarioProps scenario, Func<IScenarioInitContext, Task> cleanFunc) => scenario with { Clean = cleanFunc };

    public static ScenarioProps WithWarmUpDuration(this ScenarioProps scenario, TimeSpan duration) => scenario with { WarmUpDuration = duration };

    public static ScenarioProps WithRestartIterationOnFail(this ScenarioProps scenario, bool shouldRestart) =>
        scenario with { RestartIterationOnFail = shouldRestart };

    public static ScenarioProps WithLoadSimulations(this ScenarioProps scenario, params LoadSimulation[] loadSimulations) =>
        scenario with { LoadSimulations = loadSimulations };
}

internal static class Simulation
{
    public static LoadSimulation KeepConstant(int copies, TimeSpan during) => new(nameof(KeepConstant), copies, default, during);

    public static LoadSimulation RampingConstant(int copies, TimeSpan during) => new(nameof(RampingConstant), copies, default, during);

    public static LoadSimulation Inject(int rate, TimeSpan interval, TimeSpan during) => new(nameof(Inject), rate, interval, during);

    public static LoadSimulation RampingInject(int rate, TimeSpan interval, TimeSpan during) => new(nameof(RampingInject), rate, interval, during);

    public static LoadSimulation Pause(TimeSpan during) => new(nameof(Pause), 0, default, during);
}

internal static class NBomberRunner
{
    public static NBomberContext RegisterScenarios(params ScenarioProps[] scenarios) => new(scenarios);

    public static NBomberContext WithReportFolder(this NBomberContext context, string reportFolderPath) =>
        context with { ReportFolder = reportFolderPath };

    public static NodeStats Run(this NBomberContext context) => throw new NotSupportedException($"{context.Scenarios.Count} scenarios");
}
