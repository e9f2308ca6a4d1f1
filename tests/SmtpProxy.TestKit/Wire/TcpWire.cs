using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Authentication;

namespace SmtpProxy.TestKit.Wire;

/// <summary>A TCP connection under full control: it reads when asked to, goes under TLS when asked to, and closes as asked to.</summary>
internal sealed class TcpWire
{
    private const int IpProtoTcp = 6;
    private const int TcpInfoOption = 11;
    private const byte TcpEstablished = 1;

    // Where tcpi_data_segs_in of Linux' struct tcp_info lies.
    private const int DataSegmentsAt = 152;

    private readonly Socket _socket;
    private SslStream? _tls;

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

    /// <summary>Segments with octets that the kernel has taken in, read or not: on loopback each write of the peer that sends at once makes one of its own,
    /// however they are put together for a reader.</summary>
    public int ReceivedSegments
    {
        get
        {
            Span<byte> info = stackalloc byte[DataSegmentsAt + sizeof(int)];
            return _socket.GetRawSocketOption(IpProtoTcp, TcpInfoOption, info) == info.Length
                ? MemoryMarshal.Read<int>(info[DataSegmentsAt..]) : throw new PlatformNotSupportedException("The kernel does not count segments.");
        }
    }

    /// <summary>True from a handshake on.</summary>
    public bool IsTls => _tls is not null;

    /// <summary>True for the exceptions that mean that the connection is no more, on either side.</summary>
    public static bool IsLoss(Exception exception) =>
        exception is SocketException or ObjectDisposedException or IOException or AuthenticationException;

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
        _tls?.ReadAsync(buffer, cancellationToken) ?? _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    /// <summary>What can be read without waiting; 0 when there is nothing, and under TLS.</summary>
    public int ReceiveAvailable(Span<byte> buffer) => IsTls || _socket.Available == 0 ? 0 : _socket.Receive(buffer);

    /// <summary>One write.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken) =>
        _tls?.WriteAsync(octets, cancellationToken).AsTask() ?? SendClearAsync(octets, cancellationToken);

    /// <summary>One write beneath TLS, if there is any.</summary>
    public async Task SendClearAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        while (octets.Length > 0)
        {
            octets = octets[await _socket.SendAsync(octets, SocketFlags.None, cancellationToken)..];
        }
    }

    /// <summary>Goes under TLS as the client. No receive may be under way.</summary>
    public Task StartTlsAsync(SslClientAuthenticationOptions options, CancellationToken cancellationToken) =>
        StartTlsAsync(tls => tls.AuthenticateAsClientAsync(options, cancellationToken));

    /// <summary>Goes under TLS as the server. No receive may be under way.</summary>
    public Task StartTlsAsync(SslServerAuthenticationOptions options, CancellationToken cancellationToken) =>
        StartTlsAsync(tls => tls.AuthenticateAsServerAsync(options, cancellationToken));

    /// <summary>Says that nothing more comes under TLS; the connection stays.</summary>
    public Task EndTlsAsync() => _tls?.ShutdownAsync() ?? throw new InvalidOperationException("There is no TLS to end.");

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
        _tls?.Dispose();
    }

    private async Task StartTlsAsync(Func<SslStream, Task> shakeHandsAsync)
    {
        var tls = new SslStream(new NetworkStream(_socket, ownsSocket: false));
        try
        {
            await shakeHandsAsync(tls);
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }

        _tls = tls;
    }
}
