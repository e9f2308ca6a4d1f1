namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>Something that happens once, so long after the first iteration, beside the load.</summary>
internal sealed class Incident(TimeSpan after, Func<CancellationToken, Task> happen, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<bool>? _course;

    /// <summary>The first iteration to call it starts the clock.</summary>
    public void Arm()
    {
        lock (_lock)
        {
            _course ??= Task.Run(RunAsync);
        }
    }

    /// <summary>Ends when it is over; throws what went wrong, or when the load ended before its time.</summary>
    public async Task EndAsync()
    {
        Task<bool>? course;
        lock (_lock)
        {
            course = _course;
        }

        _stop.TrySetResult();
        if (course is null || !await course)
        {
            throw new InvalidOperationException("The run was too short for what it was to show.");
        }
    }

    private async Task<bool> RunAsync()
    {
        if (await Task.WhenAny(Task.Delay(after, time), _stop.Task) == _stop.Task)
        {
            return false;
        }

        // Once begun it is carried through: a half-broken system shows nothing.
        await happen(CancellationToken.None);
        return true;
    }
}
