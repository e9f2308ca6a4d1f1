using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using SmtpProxy.Transport.Native;

namespace SmtpProxy.Transport.Pipes;

/// <summary>Reads from a descriptor into pooled blocks, when the consumer asks and the loop has said that there is something. Holds no block while it
/// waits, and makes no call that is bound to find nothing: a receive that does not fill its block has emptied the socket.</summary>
internal sealed class EpollPipeReader : PipeReader, IThreadPoolWorkItem
{
    // Receives in a row before other sessions of the loop get their turn.
    private const int Turns = 16;

    // What a closing connection still takes from its peer, so that the last reply is not overtaken by a reset.
    private const int DiscardRounds = 16;

    private readonly EpollSocket _socket;
    private readonly PendingResult<ReadResult> _pending;
    private Exception? _fault;
    private int _turns = Turns;
    private ReadBuffer _buffer = new();
    private bool _isReadable;
    private bool _isHungUp;
    private bool _isEnded;
    private bool _isReading;
    private bool _isCancelled;
    private bool _isCompleted;
    private bool _isEmptied;

    public EpollPipeReader(EpollSocket socket, bool inlineContinuations)
    {
        _socket = socket;
        _pending = new PendingResult<ReadResult>(inlineContinuations);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        lock (_socket.Sync)
        {
            CheckUsable();
            if (!TryTake(out result))
            {
                return false;
            }

            return _fault is null ? true : throw _fault;
        }
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        lock (_socket.Sync)
        {
            CheckUsable();
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<ReadResult>(cancellationToken);
            }

            if (TryTake(out var result))
            {
                return _fault is null ? new(result) : ValueTask.FromException<ReadResult>(_fault);
            }

            _buffer.Compact();
            var pending = _pending.WaitAsync(static reader => ((EpollPipeReader)reader!).Resume(), this, cancellationToken);
            Watch();
            return pending;
        }
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        lock (_socket.Sync)
        {
            _isReading = false;
            _buffer.Advance(consumed, examined);
            if (_socket.IsClosed || _isCompleted)
            {
                _buffer.Release();
            }
        }
    }

    /// <inheritdoc/>
    public override void CancelPendingRead()
    {
        lock (_socket.Sync)
        {
            _isCancelled = true;
        }

        Resume();
    }

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        lock (_socket.Sync)
        {
            _isCompleted = true;
            _isReading = false;
            _buffer.Release();
        }
    }

    /// <summary>The loop says that there is something. Called under the lock.</summary>
    /// <returns>True when <see cref="Signal"/> is to be called after it.</returns>
    public bool OnReadable(bool isHungUp)
    {
        _isReadable = true;
        _isHungUp |= isHungUp;
        return OnTurn();
    }

    /// <summary>Lets the consumer go on with what it waited for.</summary>
    public void Signal() => _pending.Signal();

    /// <summary>The connection is closed from this side. Called under the lock.</summary>
    public void OnClosed()
    {
        _isReadable = false;
        _fault ??= _isEnded ? null : new ConnectionAbortedException();

        // Whoever closes may still look at what it read last: those blocks are given back with AdvanceTo.
        if (!_isReading)
        {
            _buffer.Release();
        }

        if (_pending.IsWaiting)
        {
            _socket.Loop.Post(this);
        }
    }

    /// <summary>Takes what the peer has sent and nobody will read: closing with that in the socket would send a reset.</summary>
    public void DiscardUnreceived()
    {
        if (_isEnded || _fault is not null || (_isEmptied && !_isReadable))
        {
            return;
        }

        Span<byte> room = stackalloc byte[4096];
        _socket.ShutdownWriting();
        for (var i = 0; i < DiscardRounds && _socket.Receive(room) == room.Length; i++)
        {
            // The next piece.
        }
    }

    /// <summary>Goes on where a cancellation, or the turn of others, interrupted. On the loop's thread.</summary>
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
        if (_isCompleted || _pending.IsWaiting)
        {
            throw new InvalidOperationException(_isCompleted ? "The reader is completed." : "A read is pending.");
        }
    }

    /// <summary>True when there is an outcome: a result, or a fault.</summary>
    private bool TryTake(out ReadResult result)
    {
        if (_isReadable && !_isEnded && _fault is null && _turns > 0 && !_buffer.HasUnexamined)
        {
            Receive();
        }

        var isCancelled = _isCancelled;
        if (!isCancelled && !_buffer.HasUnexamined && !_isEnded && _fault is null)
        {
            result = default;
            return false;
        }

        _isCancelled = false;
        _isReading = _fault is null;
        result = new ReadResult(_buffer.Sequence, isCancelled, _isEnded);
        return true;
    }

    private void Receive()
    {
        _turns--;
        var room = _buffer.Room();
        var received = _socket.Receive(room);
        _buffer.Commit(Math.Max(received, 0), _socket.Loop.MaxReadBlock);
        if (received > 0)
        {
            // What hangs up comes behind what was sent, and is not announced again.
            _isReadable = received == room.Length || _isHungUp;
            _isEmptied = !_isReadable;
        }
        else if (received == -Errno.Again)
        {
            _isReadable = false;
        }
        else
        {
            _isReadable = false;
            End(received == 0 && _socket.WasReset ? Errno.ConnectionReset : -received);
        }
    }

    private void End(int error)
    {
        if (error == 0)
        {
            _isEnded = true;
        }
        else
        {
            _fault = EpollSocket.ToException(error);
        }

        _socket.Owner?.OnInputEnded();
    }

    private bool OnTurn()
    {
        _turns = Turns;
        if (!_pending.IsWaiting)
        {
            return false;
        }

        if (TryTake(out var result))
        {
            _pending.End(result, _fault);
            return true;
        }

        // Given up: only this read fails, the next one goes on.
        return _pending.TryEndCancelled();
    }

    private void Watch()
    {
        // From now on something may have come of which the loop has not heard yet.
        _isEmptied = false;
        if (_isReadable || _socket.IsClosed)
        {
            _socket.Loop.Post(this);
        }
        else
        {
            _socket.WatchReading();
        }
    }

    private void Resume()
    {
        lock (_socket.Sync)
        {
            if (!_pending.IsWaiting)
            {
                return;
            }
        }

        _socket.Loop.Post(this);
    }
}
