using System.IO.Pipelines;
using SmtpProxy.Transport.Native;

namespace SmtpProxy.Transport.Pipes;

/// <summary>Writes to a descriptor. What was gathered leaves with the flush, in one call; a flush ends when the system has taken all of it, which is the
/// back-pressure. A lost connection is a completed <see cref="FlushResult"/>, never an exception.</summary>
/// <remarks>A cancelled flush keeps what is left for the next one. Octets given to <see cref="WriteAsync"/> go out from where they lie.</remarks>
internal sealed class EpollPipeWriter : PipeWriter, IThreadPoolWorkItem
{
    private readonly EpollSocket _socket;
    private readonly bool _inlineContinuations;
    private PendingResult<FlushResult>? _pending;
    private WriteBuffer _buffer = new();
    private bool _isWritable = true;
    private bool _isCancelled;
    private bool _isLost;
    private bool _isCompleted;

    public EpollPipeWriter(EpollSocket socket, bool inlineContinuations)
    {
        _socket = socket;
        _inlineContinuations = inlineContinuations;
    }

    private bool IsWaiting => _pending is { IsWaiting: true };

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

            // Most writers never have to wait.
            _pending ??= new PendingResult<FlushResult>(_inlineContinuations);
            var pending = _pending.WaitAsync(static writer => ((EpollPipeWriter)writer!).Resume(), this, cancellationToken);
            _socket.WatchWriting();
            return pending;
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
    public void Signal() => _pending!.Signal();

    /// <summary>The connection is closed from this side. Called under the lock.</summary>
    public void OnClosed()
    {
        _isLost = true;
        if (IsWaiting)
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

    private void CheckUsable()
    {
        if (_isCompleted || IsWaiting)
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
        if (!IsWaiting)
        {
            return false;
        }

        if (TryFinish(out var result))
        {
            _pending!.End(result);
            return true;
        }

        if (!_pending!.TryEndCancelled())
        {
            return false;
        }

        _buffer.KeepBorrowed();
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
            if (!IsWaiting)
            {
                return;
            }
        }

        _socket.Loop.Post(this);
    }
}
