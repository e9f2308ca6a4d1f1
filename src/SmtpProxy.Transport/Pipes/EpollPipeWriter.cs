using System.IO.Pipelines;

namespace SmtpProxy.Transport.Pipes;

/// <summary>Writes to a descriptor. What was gathered leaves with the flush, in one call; a flush ends when the system has taken all of it, which is the
/// back-pressure. A lost connection is a completed <see cref="FlushResult"/>, never an exception.</summary>
/// <remarks>A flush of little on the loop's thread ends at once, and the loop sends it at the end of its turn: so the sends of a turn stand together, and
/// sending and serving sessions do not push each other out of the processor's caches. What the system does not take then, the next flush waits for.
/// A cancelled flush keeps what is left for the next one. Octets given to <see cref="WriteAsync"/> go out from where they lie.</remarks>
internal sealed class EpollPipeWriter : PipeWriter, IThreadPoolWorkItem
{
    private readonly EpollSocket _socket;
    private readonly bool _inlineContinuations;
    private PendingResult<FlushResult>? _pending;
    private Outgoing _outgoing;
    private bool _isCancelled;
    private bool _isCompleted;

    public EpollPipeWriter(EpollSocket socket, bool inlineContinuations)
    {
        _socket = socket;
        _outgoing = new Outgoing(socket);
        _inlineContinuations = inlineContinuations;
    }

    private bool IsWaiting => _pending is { IsWaiting: true };

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _outgoing.Written.Length;

    // Only the one who writes touches the buffer, unless a flush is pending: no lock is needed here.

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        CheckUsable();
        return _outgoing.Written.Room(sizeHint);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        CheckUsable();
        _outgoing.Written.Advance(bytes);
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

            if (!_isCancelled && _outgoing.TryDefer(source.Span, this))
            {
                return new(new FlushResult(isCanceled: false, isCompleted: false));
            }

            _outgoing.Written.Borrow(source);
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
            if (exception is not null)
            {
                _outgoing.Lose();
            }

            if (_outgoing.TrySend())
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
        _outgoing.IsWritable = true;
        if (_isCompleted)
        {
            if (!_outgoing.IsEmpty && _outgoing.TrySend())
            {
                EndStream();
            }
        }
        else
        {
            // Of an earlier turn.
            _outgoing.TrySendDeferred();
        }

        return OnTurn();
    }

    /// <summary>Lets the one who flushed go on.</summary>
    public void Signal() => _pending!.Signal();

    /// <summary>The turn of the loop ends: what was flushed in it is sent. On the loop's thread.</summary>
    public void OnTurnEnding()
    {
        lock (_socket.Sync)
        {
            if (!_outgoing.TrySendDeferred())
            {
                _socket.WatchWriting();
            }
        }
    }

    /// <summary>The connection is about to be closed from this side. Called under the lock.</summary>
    public void OnClosing() => _outgoing.TrySendDeferred();

    /// <summary>The connection is closed from this side. Called under the lock.</summary>
    public void OnClosed()
    {
        _outgoing.Lose();
        if (IsWaiting)
        {
            _socket.Loop.Post(this);
        }
        else if (_isCompleted)
        {
            _outgoing.Written.Release();
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
        var isSent = _outgoing.TrySend();
        var isCancelled = _isCancelled;
        if (!isSent && !isCancelled)
        {
            result = default;
            return false;
        }

        _isCancelled = false;
        _outgoing.Written.KeepBorrowed();
        result = new FlushResult(isCancelled, _outgoing.IsLost);
        return true;
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

        _outgoing.Written.KeepBorrowed();
        return true;
    }

    private void EndStream()
    {
        if (!_outgoing.IsLost && !_socket.IsClosed)
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
