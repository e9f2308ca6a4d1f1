using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using SmtpProxy.Transport.Native;

namespace SmtpProxy.Transport.Pipes;

/// <summary>Writes to a descriptor. What was gathered leaves with the flush, in one call; a flush ends when the system has taken all of it, which is the
/// back-pressure. A lost connection is a completed <see cref="FlushResult"/>, never an exception.</summary>
/// <remarks>A cancelled flush keeps what is left for the next one. Octets given to <see cref="WriteAsync"/> go out from where they lie.</remarks>
internal sealed class EpollPipeWriter : PipeWriter, IValueTaskSource<FlushResult>, IThreadPoolWorkItem
{
    private readonly EpollSocket _socket;
    private readonly WriteBuffer _buffer = new();
    private ManualResetValueTaskSourceCore<FlushResult> _core;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private FlushResult _result;
    private Exception? _outcome;
    private bool _isWritable = true;
    private bool _isWaiting;
    private bool _isCancelled;
    private bool _isLost;
    private bool _isCompleted;

    public EpollPipeWriter(EpollSocket socket, bool inlineContinuations)
    {
        _socket = socket;
        _core.RunContinuationsAsynchronously = !inlineContinuations;
    }

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _buffer.Length;

    // Only the one who writes touches the buffer, unless a flush is pending: no lock is needed here.

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        CheckUsable();
        return _buffer.Room(sizeHint);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        CheckUsable();
        _buffer.Advance(bytes);
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => WriteAsync(default, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        lock (_socket.Sync)
        {
            CheckUsable();
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<FlushResult>(cancellationToken);
            }

            _buffer.Borrow(source);
            if (TryFinish(out var result))
            {
                return new(result);
            }

            _core.Reset();
            _isWaiting = true;
            if (cancellationToken.CanBeCanceled)
            {
                _token = cancellationToken;
                _registration = cancellationToken.UnsafeRegister(static writer => ((EpollPipeWriter)writer!).Resume(), this);
            }

            _socket.WatchWriting();
            return new(this, _core.Version);
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush()
    {
        lock (_socket.Sync)
        {
            _isCancelled = true;
        }

        Resume();
    }

    /// <summary>Sends the rest and then says that nothing more will come; with an exception, the rest is dropped.</summary>
    /// <remarks>Does not wait: what the system does not take now is sent as long as the connection is open.</remarks>
    public override void Complete(Exception? exception = null)
    {
        lock (_socket.Sync)
        {
            if (_isCompleted)
            {
                return;
            }

            _isCompleted = true;
            _isLost |= exception is not null;
            if (TrySend())
            {
                EndStream();
            }
            else
            {
                _socket.WatchWriting();
            }
        }
    }

    /// <summary>The loop says that there is room. Called under the lock.</summary>
    /// <returns>True when <see cref="Signal"/> is to be called after it.</returns>
    public bool OnWritable()
    {
        _isWritable = true;
        if (_isCompleted)
        {
            var hadRest = _buffer.Length > 0;
            if (hadRest && TrySend())
            {
                EndStream();
            }
        }

        return OnTurn();
    }

    /// <summary>Lets the one who flushed go on.</summary>
    public void Signal()
    {
        if (_outcome is null)
        {
            _core.SetResult(_result);
        }
        else
        {
            _core.SetException(_outcome);
        }
    }

    /// <summary>The connection is closed from this side. Called under the lock.</summary>
    public void OnClosed()
    {
        _isLost = true;
        if (_isWaiting)
        {
            _socket.Loop.Post(this);
        }
        else if (_isCompleted)
        {
            _buffer.Release();
        }
    }

    /// <summary>Goes on after a cancellation. On the loop's thread.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        lock (_socket.Sync)
        {
            if (!OnTurn())
            {
                return;
            }
        }

        Signal();
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void CheckUsable()
    {
        if (_isCompleted || _isWaiting)
        {
            throw new InvalidOperationException(_isCompleted ? "The writer is completed." : "A flush is pending.");
        }
    }

    /// <summary>True when the flush is over: all is sent, or it is cancelled, or the connection is lost.</summary>
    private bool TryFinish(out FlushResult result)
    {
        var isSent = TrySend();
        var isCancelled = _isCancelled;
        if (!isSent && !isCancelled)
        {
            result = default;
            return false;
        }

        _isCancelled = false;
        _buffer.KeepBorrowed();
        result = new FlushResult(isCancelled, _isLost);
        return true;
    }

    /// <summary>True when nothing is left to send.</summary>
    private bool TrySend()
    {
        while (_buffer.Length > 0 && !_isLost && _isWritable)
        {
            var sent = _socket.Send(_buffer.Gathered, _buffer.Borrowed);
            if (sent >= 0)
            {
                // Less than all: there is no more room, and the system will say when there is.
                _isWritable = sent == _buffer.Length;
                _buffer.Consume(sent);
            }
            else if (sent == -Errno.Again)
            {
                _isWritable = false;
            }
            else
            {
                _isLost = true;
            }
        }

        if (_isLost)
        {
            _buffer.Release();
        }

        return _buffer.Length == 0;
    }

    private bool OnTurn()
    {
        if (!_isWaiting)
        {
            return false;
        }

        if (TryFinish(out _result))
        {
            _outcome = null;
        }
        else if (_token.IsCancellationRequested)
        {
            _buffer.KeepBorrowed();
            _outcome = new OperationCanceledException(_token);
        }
        else
        {
            return false;
        }

        _isWaiting = false;
        _registration.Unregister();
        (_registration, _token) = (default, default);
        return true;
    }

    private void EndStream()
    {
        if (!_isLost && !_socket.IsClosed)
        {
            _socket.ShutdownWriting();
        }
    }

    private void Resume()
    {
        lock (_socket.Sync)
        {
            if (!_isWaiting)
            {
                return;
            }
        }

        _socket.Loop.Post(this);
    }
}
