using SmtpProxy.LoadTests.Scenarios;
using SmtpProxy.LoadTests.Scenarios.Thresholds;

namespace SmtpProxy.LoadTests.Tests.Running;

/// <summary>Answers at once, but for one stretch in which it stands still and lets one iteration in after the other.</summary>
internal sealed class StallingScenario(TimeSpan from, TimeSpan to) : ILoadScenario, IDisposable
{
    private readonly SemaphoreSlim _server = new(1);
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private int _running;

    public string Name => "stalling";

    public string Description => "stands still for a while";

    public LoadPlan DefaultPlan => LoadPlan.Of();

    public IReadOnlyList<Threshold> Thresholds => [];

    public int MostAtATime { get; private set; }

    public void Dispose() => _server.Dispose();

    public Task InitAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task CleanAsync() => Task.CompletedTask;

    public async Task<StepOutcome> RunAsync(ILoadContext context, CancellationToken cancellationToken)
    {
        MostAtATime = Math.Max(MostAtATime, Interlocked.Increment(ref _running));
        await _server.WaitAsync(cancellationToken);
        try
        {
            var now = TimeProvider.System.GetElapsedTime(_start);
            if (now > from && now < to)
            {
                await Task.Delay(to - now, TimeProvider.System, cancellationToken);
            }

            return StepOutcome.Ok();
        }
        finally
        {
            _server.Release();
            Interlocked.Decrement(ref _running);
        }
    }
}
