using SmtpProxy.LoadTests.Measuring;
using SmtpProxy.LoadTests.Scenarios;

namespace SmtpProxy.LoadTests.Running;

/// <summary>Puts a plan's load on a scenario.</summary>
/// <param name="scenario">What to run.</param>
/// <param name="time">The clock.</param>
/// <param name="seed">Makes the choices of the scenario repeatable.</param>
internal sealed class LoadRunner(ILoadScenario scenario, TimeProvider time, int seed)
{
    // A target that stands still must not fill the memory; what is due beyond this fails at once, and is counted.
    private const int MaxInFlight = 20_000;

    private static readonly TimeSpan Adjustment = TimeSpan.FromMilliseconds(50);

    private readonly CopyPool _copies = new(seed);
    private readonly List<Task> _running = [];
    private readonly ClosedLoad _closed = new();
    private RunRecorder? _recorder;
    private int _inFlight;

    /// <summary>Runs a plan to the end of its last iteration.</summary>
    /// <param name="plan">How much load.</param>
    /// <param name="recorder">Takes what is measured; null for a warm-up.</param>
    /// <param name="cancellationToken">Ends it before its time.</param>
    public async Task RunAsync(LoadPlan plan, RunRecorder? recorder, CancellationToken cancellationToken)
    {
        _recorder = recorder;
        recorder?.Begin();
        var (copies, rate) = (0.0, 0.0);
        foreach (var phase in plan.Phases)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            await (phase.IsOpen ? InjectAsync(phase, rate, cancellationToken) : KeepAsync(phase, copies, cancellationToken));
            copies = phase.IsClosed ? phase.Load : 0;
            rate = phase.IsOpen ? phase.Load : 0;
        }

        _closed.Wanted = 0;
        await Task.WhenAll(_running);
        _running.Clear();
        recorder?.End();
    }

    private async Task KeepAsync(LoadPhase phase, double before, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) is var elapsed && elapsed < phase.During && !cancellationToken.IsCancellationRequested)
        {
            _closed.Wanted = phase.IsClosed ? Arrivals.CopiesAt(phase, before, elapsed) : 0;
            while (_closed.TryBegin())
            {
                _running.Add(Task.Run(() => RepeatAsync(cancellationToken), CancellationToken.None));
            }

            var left = phase.During - elapsed;
            await PauseAsync(phase.Kind == PhaseKind.RampingConstant && left > Adjustment ? Adjustment : left, cancellationToken);
        }
    }

    private async Task RepeatAsync(CancellationToken cancellationToken)
    {
        var copy = _copies.Rent();
        while (!cancellationToken.IsCancellationRequested && !_closed.TryEnd())
        {
            await IterateAsync(copy, time.GetTimestamp(), cancellationToken);
        }

        _copies.Return(copy);
    }

    private async Task InjectAsync(LoadPhase phase, double before, CancellationToken cancellationToken)
    {
        _closed.Wanted = 0;
        var start = time.GetTimestamp();
        foreach (var due in Arrivals.Of(phase, before))
        {
            // The timer has a grain of a millisecond: what is late is begun at once, and measured from when it was due.
            while (due - time.GetElapsedTime(start) is var wait && wait > TimeSpan.Zero && !cancellationToken.IsCancellationRequested)
            {
                await PauseAsync(wait, cancellationToken);
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            Begin(start + (long)(due.TotalSeconds * time.TimestampFrequency), cancellationToken);
        }

        await PauseAsync(phase.During - time.GetElapsedTime(start), cancellationToken);
    }

    private void Begin(long due, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _inFlight) > MaxInFlight)
        {
            Interlocked.Decrement(ref _inFlight);
            _recorder?.AddIteration(new StepOutcome(false, "overload", 0, $"{MaxInFlight} iterations were already running."), TimeSpan.Zero);
            return;
        }

        if (_running.Count > MaxInFlight)
        {
            _running.RemoveAll(static task => task.IsCompletedSuccessfully);
        }

        _running.Add(Task.Run(
            async () =>
            {
                var copy = _copies.Rent();
                await IterateAsync(copy, due, cancellationToken);
                _copies.Return(copy);
                Interlocked.Decrement(ref _inFlight);
            },
            CancellationToken.None));
    }

    private async Task IterateAsync(Copy copy, long start, CancellationToken cancellationToken)
    {
        var outcome = await scenario.RunAsync(new RunContext(copy, copy.Iterations++, _recorder, time), cancellationToken);
        if (!cancellationToken.IsCancellationRequested)
        {
            _recorder?.AddIteration(outcome, time.GetElapsedTime(start));
        }
    }

    private async Task PauseAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        if (wait > TimeSpan.Zero)
        {
            // Cut short is not failed: what was measured until then is worth a report.
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
