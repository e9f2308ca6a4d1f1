namespace SmtpProxy.Backends;

/// <summary>A transaction in the queue for a connection. Is given a session, or null: the permission to open one.</summary>
internal sealed class PoolWaiter
{
    private readonly TaskCompletionSource<PooledSession?> _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SessionRequest _request;

    public PoolWaiter(in SessionRequest request)
    {
        _request = request;
        Node = new LinkedListNode<PoolWaiter>(this);
    }

    private Task<PooledSession?> Granted => _granted.Task;

    /// <summary>The place in the queue; in no list once something was granted.</summary>
    public LinkedListNode<PoolWaiter> Node { get; }

    /// <summary>True when <paramref name="session"/> is of use to this waiter.</summary>
    public bool Accepts(PooledSession session) => !_request.Fresh && session.Serves(_request);

    /// <summary>Waits for its turn: a session, or the permission to open one; or why there is neither.</summary>
    public async ValueTask<(PooledSession? Kept, LeaseResult? Failure)> WaitAsync(
        TimeSpan timeout, TimeProvider time, Func<PoolWaiter, bool> tryLeave, CancellationToken cancellationToken)
    {
        try
        {
            return (await Granted.WaitAsync(timeout, time, cancellationToken), null);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return tryLeave(this) ? (null, PoolRefusal.After(e))
                : Granted.IsCanceled ? (null, PoolRefusal.Stopped)

                // Granted at the last moment: what was given must be used or given back.
                : (await Granted, null);
        }
    }

    public void Grant(PooledSession? session) => _granted.TrySetResult(session);

    /// <summary>The pool shuts down.</summary>
    public void Dismiss() => _granted.TrySetCanceled();
}
