using System.Threading.Tasks.Sources;

namespace SmtpProxy.Transport.Pipes;

/// <summary>A wait that is used again and again: its state, and how the one who waits is told. The state belongs under the lock of its user; telling
/// belongs outside, because that is where the session goes on.</summary>
/// <param name="inlineContinuations">What waited goes on within <see cref="Signal"/>; else on the thread pool.</param>
internal sealed class PendingResult<T>(bool inlineContinuations) : IValueTaskSource<T>
{
    // Without the result, which is kept once.
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = !inlineContinuations };
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private Exception? _fault;
    private T _result = default!;

    /// <summary>True from <see cref="WaitAsync"/> until <see cref="End"/> or <see cref="TryEndCancelled"/>.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Begins a wait.</summary>
    /// <param name="onCancelled">Called with <paramref name="state"/> on cancellation, on whatever thread cancels.</param>
    /// <param name="state">Goes to <paramref name="onCancelled"/>.</param>
    /// <param name="cancellationToken">What gives it up.</param>
    public ValueTask<T> WaitAsync(Action<object?> onCancelled, object state, CancellationToken cancellationToken)
    {
        _core.Reset();
        IsWaiting = true;
        if (cancellationToken.CanBeCanceled)
        {
            _token = cancellationToken;
            _registration = cancellationToken.UnsafeRegister(onCancelled, state);
        }

        return new(this, _core.Version);
    }

    /// <summary>Ends the wait; <see cref="Signal"/> has to follow.</summary>
    public void End(T result, Exception? fault = null)
    {
        IsWaiting = false;
        _registration.Unregister();
        (_registration, _token, _result, _fault) = (default, default, result, fault);
    }

    /// <summary>Ends the wait if it was given up; <see cref="Signal"/> has to follow then.</summary>
    public bool TryEndCancelled()
    {
        if (!IsWaiting || !_token.IsCancellationRequested)
        {
            return false;
        }

        End(default!, new OperationCanceledException(_token));
        return true;
    }

    /// <summary>Lets the one who waited go on.</summary>
    public void Signal()
    {
        if (_fault is null)
        {
            _core.SetResult(true);
        }
        else
        {
            _core.SetException(_fault);
        }
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        _core.GetResult(token);
        var result = _result;
        _result = default!;
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
