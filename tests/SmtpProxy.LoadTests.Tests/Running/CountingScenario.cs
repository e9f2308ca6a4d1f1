using System.Collections.Concurrent;
using SmtpProxy.LoadTests.Scenarios;
using SmtpProxy.LoadTests.Scenarios.Thresholds;

namespace SmtpProxy.LoadTests.Tests.Running;

/// <summary>Takes a fixed time, ends in one way and counts who is there.</summary>
internal sealed class CountingScenario(TimeSpan takes, StepOutcome? outcome = null) : ILoadScenario
{
    private readonly ConcurrentDictionary<int, bool> _present = new();
    private readonly Lock _lock = new();
    private int _iterations;

    public string Name => "counting";

    public string Description => "counts";

    public LoadPlan DefaultPlan { get; init; } = LoadPlan.Of();

    public IReadOnlyList<Threshold> Thresholds => [];

    public int Running { get; private set; }

    public int MostAtATime { get; private set; }

    public bool HasOverlap { get; private set; }

    public int Iterations => _iterations;

    public Task InitAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task CleanAsync() => Task.CompletedTask;

    public async Task<StepOutcome> RunAsync(ILoadContext context, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _iterations++;
            Running++;
            MostAtATime = Math.Max(MostAtATime, Running);
            HasOverlap |= !_present.TryAdd(context.InstanceNumber, true);
        }

        var result = await context.StepAsync("wait", WaitAsync, cancellationToken);
        lock (_lock)
        {
            Running--;
            _present.TryRemove(context.InstanceNumber, out _);
        }

        return result;
    }

    private async Task<StepOutcome> WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(takes, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return outcome ?? StepOutcome.Ok();
    }
}
