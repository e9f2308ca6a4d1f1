using System.Collections.Concurrent;

namespace SmtpProxy.Affinity;

/// <summary>Runs one operation per key at a time: who comes while it runs gets its result.</summary>
internal sealed class SingleFlight<TKey, TResult>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Task<TResult>> _flights = new();

    /// <summary>Starts the operation or joins the one that runs. A caller that gives up does not end it for the others.</summary>
    public Task<TResult> RunAsync(TKey key, Func<ValueTask<TResult>> operation, CancellationToken cancellationToken)
    {
        var mine = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var flight = _flights.GetOrAdd(key, mine.Task);
        if (flight == mine.Task)
        {
            _ = FlyAsync(key, operation, mine);
        }

        return flight.WaitAsync(cancellationToken);
    }

    private async Task FlyAsync(TKey key, Func<ValueTask<TResult>> operation, TaskCompletionSource<TResult> completion)
    {
        try
        {
            var result = await operation();
            _flights.TryRemove(key, out _);
            completion.TrySetResult(result);
        }
        catch (Exception exception)
        {
            // Handed to those who wait; keeping it would fail the key for ever.
            _flights.TryRemove(key, out _);
            completion.TrySetException(exception);
        }
    }
}
