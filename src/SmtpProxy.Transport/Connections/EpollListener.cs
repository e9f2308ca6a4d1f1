using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using SmtpProxy.Transport.Loops;
using SmtpProxy.Transport.Native;
using SmtpProxy.Transport.Pipes;

namespace SmtpProxy.Transport.Connections;

/// <summary>A bound listener. All loops accept from it, and each connection stays with the loop that took it; <see cref="AcceptAsync"/> goes on there.</summary>
internal sealed partial class EpollListener : IConnectionListener
{
    // Accepted, and waiting for the consumer to come back for the next. Further ones wait in the system.
    private const int MaxReady = 64;

    // A shortage lasts, and each attempt meets it.
    private static readonly TimeSpan LogPeriod = TimeSpan.FromSeconds(10);

    private readonly EpollTransport _transport;
    private readonly IPEndPoint? _local;
    private readonly Queue<EpollConnection> _ready = new();
    private readonly AcceptPort[] _ports;
    private readonly Lock _lock = new();
    private readonly PendingResult<ConnectionContext?> _pending;
    private long _loggedAt;
    private bool _isWatching;
    private bool _isUnbound;

    public EpollListener(EpollTransport transport, IPEndPoint endPoint)
    {
        _transport = transport;
        Descriptor = NativeSocket.Listen(endPoint, transport.Options.Backlog);
        var bound = NativeSocket.LocalEndPoint(Descriptor);
        EndPoint = bound ?? endPoint;

        // Connections to a wildcard address have local addresses of their own.
        _local = bound is null || bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any) ? null : bound;
        _ports = [.. transport.Loops.Select(loop => new AcceptPort(this, loop, transport.Time))];
        _pending = new PendingResult<ConnectionContext?>(transport.Options.InlineContinuations);
    }

    /// <inheritdoc/>
    public EndPoint EndPoint { get; }

    public int Descriptor { get; }

    /// <inheritdoc/>
    public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_pending.IsWaiting)
            {
                throw new InvalidOperationException("An accept is pending.");
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (_ready.TryDequeue(out var connection) || _isUnbound)
            {
                return new(connection);
            }

            StartWatching();
            return _pending.WaitAsync(static listener => ((EpollListener)listener!).GiveUp(), this, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        Unbind();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Unbind();
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes one connection. On a loop's thread.</summary>
    public void Accept(AcceptPort port, EpollLoop loop)
    {
        EpollConnection? connection;
        lock (_lock)
        {
            connection = TryAccept(port, loop);
            if (connection is null)
            {
                return;
            }

            if (!_pending.IsWaiting)
            {
                _ready.Enqueue(connection);
                return;
            }

            _pending.End(connection);
        }

        _pending.Signal();
    }

    /// <summary>Ends a pause. On a loop's thread.</summary>
    public void Resume(AcceptPort port)
    {
        lock (_lock)
        {
            if (!_isUnbound)
            {
                port.Watch();
            }
        }
    }

    /// <summary>Stops accepting. Whoever waits is told; connections that nobody came for are closed.</summary>
    public void Unbind()
    {
        lock (_lock)
        {
            if (_isUnbound)
            {
                return;
            }

            _isUnbound = true;
            foreach (var port in _ports)
            {
                port.Dispose();
            }

            _ = Libc.Close(Descriptor);
            while (_ready.TryDequeue(out var connection))
            {
                connection.Socket.Close(reset: false);
            }

            if (!_pending.IsWaiting)
            {
                return;
            }

            _pending.End(null);
        }

        _pending.Signal();
    }

    private EpollConnection? TryAccept(AcceptPort port, EpollLoop loop)
    {
        if (_isUnbound)
        {
            return null;
        }

        if (_ready.Count >= MaxReady)
        {
            port.PauseWatching();
            return null;
        }

        var descriptor = NativeSocket.Accept(Descriptor, out var remote);
        if (descriptor >= 0)
        {
            return new EpollConnection(descriptor, loop, _local, remote, _transport.Options.InlineContinuations);
        }

        // Anything else is about the connection that was to be accepted: the next one may be sound.
        if (Errno.IsExhaustion(Errno.Last))
        {
            LogExhaustion(Errno.Last);
            port.PauseWatching();
        }

        return null;
    }

    private void LogExhaustion(int error)
    {
        var time = _transport.Time;
        if (_loggedAt == 0 || time.GetElapsedTime(_loggedAt) >= LogPeriod)
        {
            _loggedAt = time.GetTimestamp();
            Log.Exhausted(_transport.Logger, EndPoint, Errno.ToException(error).Message);
        }
    }

    private void StartWatching()
    {
        if (!_isWatching)
        {
            _isWatching = true;
            foreach (var port in _ports)
            {
                port.Watch();
            }
        }
    }

    private void GiveUp()
    {
        lock (_lock)
        {
            if (!_pending.TryEndCancelled())
            {
                return;
            }
        }

        _pending.Signal();
    }

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Error, "Connections to {EndPoint} have to wait: {Reason}", EventName = "AcceptExhausted")]
        public static partial void Exhausted(ILogger logger, EndPoint endPoint, string reason);
    }
}
