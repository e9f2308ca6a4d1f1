using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.TestKit.Wire;

/// <summary>Passes connections on to another address, and can be cut, or go silent as a firewall does that has forgotten its connections.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private const int BufferLength = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<RelayedPair> _pairs = [];
    private readonly List<Task> _tasks = [];
    private readonly IPEndPoint _target;
    private Socket _listener;

    public TcpRelay(IPEndPoint target)
    {
        _target = target;
        _listener = Bound(FreePorts.NextEndPoint());
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        Restore();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>What is open or opened now stays without an answer for ever.</summary>
    public bool IsSilent
    {
        get;
        set
        {
            lock (_gate)
            {
                field = value;
                _pairs.ForEach(pair => pair.IsDead |= value);
            }
        }
    }

    /// <summary>Resets all connections and refuses new ones.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            // The port stays taken, so that nobody else answers there.
            _listener.Dispose();
            _listener = Bound(EndPoint);
            _pairs.ForEach(static pair => pair.Reset());
            _pairs.Clear();
        }
    }

    /// <summary>Takes connections again.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            _listener.Listen();
            _tasks.Add(AcceptAsync(_listener));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        await Task.WhenAll(_tasks.ToArray());
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var pair = new RelayedPair(await listener.AcceptAsync(_stop.Token));
                lock (_gate)
                {
                    pair.IsDead = IsSilent;
                    _pairs.Add(pair);
                    _tasks.Add(RelayAsync(pair));
                }
            }
        }
        catch (Exception e) when (TcpWire.IsLoss(e) || e is OperationCanceledException)
        {
            // Cut, or stopped.
        }
    }

    private async Task RelayAsync(RelayedPair pair)
    {
        try
        {
            if (!pair.IsDead)
            {
                await pair.Far.ConnectAsync(_target, _stop.Token);
                await Task.WhenAll(CopyAsync(pair, pair.Near, pair.Far), CopyAsync(pair, pair.Far, pair.Near));
            }
        }
        catch (Exception e) when (TcpWire.IsLoss(e) || e is OperationCanceledException)
        {
            pair.Reset();
        }
    }

    private async Task CopyAsync(RelayedPair pair, Socket from, Socket to)
    {
        var buffer = new byte[BufferLength];
        while (await from.ReceiveAsync(buffer.AsMemory(), _stop.Token) is var count and > 0)
        {
            if (pair.IsDead)
            {
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
        }

        if (!pair.IsDead)
        {
            to.Shutdown(SocketShutdown.Send);
        }
    }

    private static Socket Bound(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(address);
        return socket;
    }
}
