using Microsoft.AspNetCore.Connections;
using SmtpProxy.Transport.Loops;
using SmtpProxy.Transport.Native;
using SmtpProxy.Transport.Pipes;

namespace SmtpProxy.Transport.Connections;

/// <summary>A connection attempt under way. Watched by the loop that the connection will stay with.</summary>
internal sealed class PendingConnect : IEpollTarget, IThreadPoolWorkItem
{
    private const EpollEvents Watched = EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp | EpollEvents.EdgeTriggered;

    private readonly int _descriptor;
    private readonly EpollConnection _connection;
    private readonly EpollLoop _loop;
    private readonly CancellationToken _token;
    private readonly Lock _lock = new();
    private readonly PendingResult<ConnectionContext> _pending;
    private ulong _key;

    public PendingConnect(int descriptor, EpollConnection connection, bool inlineContinuations, CancellationToken cancellationToken)
    {
        _descriptor = descriptor;
        _connection = connection;
        _loop = connection.Socket.Loop;
        _token = cancellationToken;
        _pending = new PendingResult<ConnectionContext>(inlineContinuations);
    }

    /// <summary>Begins to watch, and waits.</summary>
    public ValueTask<ConnectionContext> RunAsync()
    {
        lock (_lock)
        {
            // The loop's first event waits for the lock, and finds the key and the wait.
            _key = _loop.Add(_descriptor, this, Watched);
            return _pending.WaitAsync(static connect => ((PendingConnect)connect!).GiveUp(), this, _token);
        }
    }

    /// <inheritdoc/>
    public void OnReady(EpollEvents events)
    {
        if ((events & EpollEvents.Writable) == 0)
        {
            return;
        }

        lock (_lock)
        {
            if (!_pending.IsWaiting)
            {
                return;
            }

            var error = NativeSocket.TakeError(_descriptor);
            _pending.End(_connection, error == 0 ? null : Errno.ToException(error));
            if (error == 0)
            {
                _connection.Socket.Adopt(_key);
                _loop.Replace(_key, _connection.Socket);
            }
            else
            {
                Close();
            }
        }

        // A server that speaks first may have spoken already.
        _connection.Socket.OnReady(events);
        _pending.Signal();
    }

    /// <inheritdoc/>
    public void OnLoopEnding()
    {
        lock (_lock)
        {
            if (!_pending.IsWaiting)
            {
                return;
            }

            Close();
            _pending.End(_connection, new ObjectDisposedException(nameof(EpollTransport)));
        }

        _pending.Signal();
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (_lock)
        {
            if (!_pending.TryEndCancelled())
            {
                return;
            }

            Close();
        }

        _pending.Signal();
    }

    private void GiveUp() => _loop.Post(this);

    private void Close()
    {
        _loop.Forget(_key);
        _connection.Socket.Close(reset: true);
    }
}
