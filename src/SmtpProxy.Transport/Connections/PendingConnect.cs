using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;
using SmtpProxy.Transport.Loops;
using SmtpProxy.Transport.Native;

namespace SmtpProxy.Transport.Connections;

/// <summary>A connection attempt under way. Watched by the loop that the connection will stay with.</summary>
internal sealed class PendingConnect : IEpollTarget, IValueTaskSource<ConnectionContext>, IThreadPoolWorkItem
{
    private const EpollEvents Watched = EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp | EpollEvents.EdgeTriggered;

    private readonly int _descriptor;
    private readonly EpollConnection _connection;
    private readonly EpollLoop _loop;
    private readonly CancellationToken _token;
    private readonly Lock _lock = new();
    private ManualResetValueTaskSourceCore<ConnectionContext> _core;
    private CancellationTokenRegistration _registration;
    private ulong _key;
    private bool _isOver;

    public PendingConnect(int descriptor, EpollConnection connection, bool inlineContinuations, CancellationToken cancellationToken)
    {
        _descriptor = descriptor;
        _connection = connection;
        _loop = connection.Socket.Loop;
        _token = cancellationToken;
        _core.RunContinuationsAsynchronously = !inlineContinuations;
    }

    /// <summary>Begins to watch, and waits.</summary>
    public ValueTask<ConnectionContext> RunAsync()
    {
        lock (_lock)
        {
            // The loop's first event waits for the lock, and finds the key and the registration.
            _key = _loop.Add(_descriptor, this, Watched);
            _registration = _token.UnsafeRegister(static connect => ((PendingConnect)connect!).GiveUp(), this);
        }

        return new(this, _core.Version);
    }

    /// <inheritdoc/>
    public void OnReady(EpollEvents events)
    {
        if ((events & EpollEvents.Writable) != 0 && TryEnd())
        {
            Finish(NativeSocket.TakeError(_descriptor), events);
        }
    }

    /// <inheritdoc/>
    public void OnLoopEnding() => Abandon(new ObjectDisposedException(nameof(EpollTransport)));

    void IThreadPoolWorkItem.Execute() => Abandon(new OperationCanceledException(_token));

    ConnectionContext IValueTaskSource<ConnectionContext>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ConnectionContext>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<ConnectionContext>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void GiveUp() => _loop.Post(this);

    private bool TryEnd()
    {
        lock (_lock)
        {
            var isFirst = !_isOver;
            _isOver = true;
            return isFirst;
        }
    }

    private void Finish(int error, EpollEvents events)
    {
        _registration.Unregister();
        if (error != 0)
        {
            Close();
            _core.SetException(Errno.ToException(error));
            return;
        }

        _connection.Socket.Adopt(_key);
        _loop.Replace(_key, _connection.Socket);

        // A server that speaks first may have spoken already.
        _connection.Socket.OnReady(events);
        _core.SetResult(_connection);
    }

    private void Abandon(Exception why)
    {
        if (TryEnd())
        {
            _registration.Unregister();
            Close();
            _core.SetException(why);
        }
    }

    private void Close()
    {
        _loop.Forget(_key);
        _connection.Socket.Close(reset: true);
    }
}
