using SmtpProxy.LoadTests.Measuring;
using SmtpProxy.LoadTests.Scenarios;

namespace SmtpProxy.LoadTests.Running;

/// <summary>What one iteration is given.</summary>
/// <param name="copy">The copy it runs on.</param>
/// <param name="iteration">Its number within the copy.</param>
/// <param name="recorder">Takes the steps; null: nothing is measured.</param>
/// <param name="time">The clock.</param>
internal sealed class RunContext(Copy copy, long iteration, RunRecorder? recorder, TimeProvider time) : ILoadContext
{
    /// <inheritdoc/>
    public int InstanceNumber => copy.Number;

    /// <inheritdoc/>
    public long Iteration => iteration;

    /// <inheritdoc/>
    public Random Random => copy.Random;

    /// <inheritdoc/>
    public async Task<StepOutcome> StepAsync(
        string name, Func<CancellationToken, Task<StepOutcome>> body, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var outcome = await body(cancellationToken);
        recorder?.AddStep(name, outcome, time.GetElapsedTime(start));
        return outcome;
    }
}
