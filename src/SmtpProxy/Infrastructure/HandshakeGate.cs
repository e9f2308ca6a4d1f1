namespace SmtpProxy.Infrastructure;

/// <summary>How many TLS handshakes compute at a time: each takes a millisecond of a processor, and clients that all come at once want hundreds. What waits
/// for its peer computes nothing and has no place here, so that a silent peer holds up nobody.</summary>
/// <param name="limit">Places.</param>
/// <param name="onWait">Told of each handshake that finds none.</param>
internal sealed class HandshakeGate(int limit, Action onWait)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _begun = new();
    private readonly Queue<TaskCompletionSource> _new = new();
    private int _free = limit;

    /// <summary>Waits for a place. Handshakes that were begun come before new ones: one that is given up half-way was computed for nothing.</summary>
    public Task EnterAsync(bool isBegun, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return Task.CompletedTask;
            }

            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (isBegun ? _begun : _new).Enqueue(waiter);
        }

        onWait();
        return WaitAsync(waiter, cancellationToken);
    }

    /// <summary>Gives a place back.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            // Those that gave up stay in their queue until they are met here.
            while (_begun.TryDequeue(out var next) || _new.TryDequeue(out next))
            {
                if (next.TrySetResult())
                {
                    return;
                }
            }

            _free++;
        }
    }

    private static async Task WaitAsync(TaskCompletionSource waiter, CancellationToken cancellationToken)
    {
        await using var _ = cancellationToken.UnsafeRegister(static (waiter, token) => ((TaskCompletionSource)waiter!).TrySetCanceled(token), waiter);
        await waiter.Task;
    }
}
