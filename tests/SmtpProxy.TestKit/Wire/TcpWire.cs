using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.TestKit.Wire;

/// <summary>A TCP connection under full control: it reads when asked to, and closes as asked to.</summary>
internal sealed class TcpWire
{
    private const int IpProtoTcp = 6;
    private const int TcpInfoOption = 11;
    private const byte TcpEstablished = 1;

    private readonly Socket _socket;

    public TcpWire(Socket socket)
    {
        _socket = socket;
        _socket.NoDelay = true;
    }

    /// <summary>False once the peer has sent FIN or RST, even if octets before it are still unread.</summary>
    public bool IsEstablished
    {
        get
        {
            Span<byte> state = stackalloc byte[1];
            try
            {
                return _socket.GetRawSocketOption(IpProtoTcp, TcpInfoOption, state) > 0 && state[0] == TcpEstablished;
            }
            catch (Exception e) when (IsLoss(e))
            {
                return false;
            }
        }
    }

    /// <summary>True for the exceptions that mean that the connection is no more, on either side.</summary>
    public static bool IsLoss(Exception exception) => exception is SocketException or ObjectDisposedException or IOException;

    public static async Task<TcpWire> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken, IPAddress? from = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(from ?? IPAddress.Any, 0));
            await socket.ConnectAsync(address, cancellationToken);
            return new TcpWire(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>One receive; 0 after FIN.</summary>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    /// <summary>What can be read without waiting; 0 when there is nothing.</summary>
    public int ReceiveAvailable(Span<byte> buffer) => _socket.Available == 0 ? 0 : _socket.Receive(buffer);

    /// <summary>One write.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        while (octets.Length > 0)
        {
            octets = octets[await _socket.SendAsync(octets, SocketFlags.None, cancellationToken)..];
        }
    }

    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes. No receive or send may be under way: the runtime would turn the FIN into a reset.</summary>
    public void Close(CloseHow how)
    {
        if (how == CloseHow.Rst)
        {
            try
            {
                _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (Exception e) when (IsLoss(e))
            {
                // Closed before.
            }
        }

        _socket.Dispose();
    }
}
