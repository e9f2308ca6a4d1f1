using System.Net;
using System.Net.Sockets;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.Fuzz.Sessions;

/// <summary>A well-behaved server that is strict with the proxy and keeps nothing for long.</summary>
internal sealed class SinkServer : IAsyncDisposable
{
    private const int Backlog = 64;

    private readonly Lock _gate = new();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly SessionVariant _variant;
    private readonly Task _accepting;
    private List<byte[]> _texts = [];
    private List<string> _complaints = [];

    public SinkServer(SessionVariant variant)
    {
        _variant = variant;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen(Backlog);
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    public SinkRecord Take()
    {
        lock (_gate)
        {
            var record = new SinkRecord(_texts, _complaints);
            (_texts, _complaints) = ([], []);
            return record;
        }
    }

    public void Store(byte[] text)
    {
        lock (_gate)
        {
            _texts.Add(text);
        }
    }

    public void Complain(string complaint)
    {
        lock (_gate)
        {
            _complaints.Add(complaint);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                ServeInBackground(await _socket.AcceptAsync(_stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private void ServeInBackground(Socket socket)
    {
        async Task ServeAsync()
        {
            var wire = new TcpWire(socket);
            try
            {
                await new SinkSession(this, wire, _variant).RunAsync(_stop.Token);
            }
            catch (Exception e) when (TcpWire.IsLoss(e) || e is OperationCanceledException)
            {
                // The proxy went away: what came whole is on record.
            }
            catch (Exception e)
            {
                Complain($"The server itself failed: {e}");
            }
            finally
            {
                wire.Close(CloseHow.Fin);
            }
        }

        _ = Task.Run(ServeAsync, CancellationToken.None);
    }
}
