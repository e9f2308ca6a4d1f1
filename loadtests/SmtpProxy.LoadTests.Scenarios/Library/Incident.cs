namespace SmtpProxy.LoadTests.Scenarios.Library;

/// <summary>Something that happens once, so long after the first iteration, beside the load.</summary>
internal sealed class Incident(TimeSpan after, Func<CancellationToken, Task> happen, TimeProvider time)
{
    private readonly Lock _lock = new();
    private Task _done = Task.CompletedTask;
    private long? _start;
    private bool _hasBegun;

    /// <summary>Every iteration looks whether it is time.</summary>
    public void Look()
    {
        lock (_lock)
        {
            _start ??= time.GetTimestamp();
            if (_hasBegun || time.GetElapsedTime(_start.Value) < after)
            {
                return;
            }

            _hasBegun = true;
            _done = Task.Run(() => happen(CancellationToken.None));
        }
    }

    /// <summary>Ends when it is over; throws what went wrong, or when it never came.</summary>
    public Task EndAsync()
    {
        lock (_lock)
        {
            return _hasBegun ? _done : throw new InvalidOperationException("The run was too short for what it was to show.");
        }
    }
}
