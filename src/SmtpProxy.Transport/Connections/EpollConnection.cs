using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using SmtpProxy.Transport.Loops;
using SmtpProxy.Transport.Native;
using SmtpProxy.Transport.Pipes;

namespace SmtpProxy.Transport.Connections;

/// <summary>A connection. What few consumers ask for comes into being when it is asked for.</summary>
/// <remarks>Disposing closes at once; the peer gets all that was flushed. Completing the output says that nothing more will come, and leaves the input
/// open.</remarks>
internal sealed class EpollConnection : ConnectionContext, IDuplexPipe, ISocketOwner
{
    private static long _lastId;

    private readonly int _descriptor;
    private readonly EpollSocket _socket;
    private IDuplexPipe? _transport;
    private IFeatureCollection? _features;
    private IDictionary<object, object?>? _items;
    private CancellationTokenSource? _closed;
    private EndPoint? _localEndPoint;
    private string? _id;

    public EpollConnection(int descriptor, EpollLoop loop, IPEndPoint? local, IPEndPoint? remote, bool inlineContinuations)
    {
        _descriptor = descriptor;
        _localEndPoint = local;
        RemoteEndPoint = remote;
        _socket = new EpollSocket(descriptor, loop, inlineContinuations) { Owner = this };
    }

    /// <summary>The descriptor and its pipes.</summary>
    public EpollSocket Socket => _socket;

    /// <inheritdoc/>
    public PipeReader Input => _socket.Reader;

    /// <inheritdoc/>
    public PipeWriter Output => _socket.Writer;

    /// <inheritdoc/>
    public override IDuplexPipe Transport
    {
        get => _transport ?? this;
        set => _transport = value;
    }

    /// <inheritdoc/>
    public override string ConnectionId
    {
        get => _id ??= Interlocked.Increment(ref _lastId).ToString("X", CultureInfo.InvariantCulture);
        set => _id = value;
    }

    /// <inheritdoc/>
    public override IFeatureCollection Features => _features ??= new SlimFeatureCollection(_socket.Loop.Features);

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint { get; set; }

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint
    {
        get => _localEndPoint ??= AskLocalEndPoint();
        set => _localEndPoint = value;
    }

    /// <summary>Cancelled once nothing more can be received: the peer has ended its stream, or the connection is closed.</summary>
    public override CancellationToken ConnectionClosed
    {
        get => EnsureClosed().Token;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => _socket.Close(reset: true);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _socket.Close(reset: false);
        return base.DisposeAsync();
    }

    private IPEndPoint? AskLocalEndPoint()
    {
        lock (_socket.Sync)
        {
            return _socket.IsClosed ? null : NativeSocket.LocalEndPoint(_descriptor);
        }
    }

    private CancellationTokenSource EnsureClosed()
    {
        lock (_socket.Sync)
        {
            if (_closed is null)
            {
                _closed = new CancellationTokenSource();
                if (_socket.IsClosed)
                {
                    _closed.Cancel();
                }
            }

            return _closed;
        }
    }

    // Whoever listens is told elsewhere: this may be called under the lock, and on the loop's thread.
    void ISocketOwner.OnInputEnded() => _ = _closed?.CancelAsync();
}
