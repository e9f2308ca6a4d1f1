// Stand-ins for the types of NBomber that the adapter uses, in the shape of version 4.1.2: names, parameters and defaults, no behaviour but the least.
namespace NBomber.Contracts;

internal interface IResponse
{
    string StatusCode { get; }

    bool IsError { get; }

    int SizeBytes { get; }

    string Message { get; }
}

internal sealed record Response<T>(string StatusCode, bool IsError, int SizeBytes, string Message, double LatencyMs) : IResponse;

internal sealed record ScenarioInfo(string ThreadId, int ThreadNumber, string ScenarioName, TimeSpan ScenarioDuration);

internal interface IScenarioContext
{
    ScenarioInfo ScenarioInfo { get; }

    int InvocationNumber { get; }
}

internal interface IScenarioInitContext;

internal sealed record LoadSimulation(string Kind, int Load, TimeSpan Interval, TimeSpan During);

internal sealed record ScenarioProps
{
    public required string ScenarioName { get; init; }

    public required Func<IScenarioContext, Task<IResponse>> Run { get; init; }

    public Func<IScenarioInitContext, Task>? Init { get; init; }

    public Func<IScenarioInitContext, Task>? Clean { get; init; }

    public TimeSpan WarmUpDuration { get; init; } = TimeSpan.FromSeconds(30);

    public bool RestartIterationOnFail { get; init; } = true;

    public IReadOnlyList<LoadSimulation> LoadSimulations { get; init; } = [];
}

internal sealed record NBomberContext(IReadOnlyList<ScenarioProps> Scenarios, string? ReportFolder = null);
