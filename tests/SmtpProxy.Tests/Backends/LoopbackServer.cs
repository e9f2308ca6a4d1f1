using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.Tests.Backends;

/// <summary>A scripted server on a real socket of the loopback interface.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<ServerConversation, Task> _script;
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;

    public LoopbackServer(Func<ServerConversation, Task> script)
    {
        _script = script;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public ServerLog Log { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        _sockets.ForEach(static socket => socket.Dispose());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                socket.NoDelay = true;
                _sockets.Add(socket);
                _ = RunAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }

    private async Task RunAsync(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: false);
        try
        {
            await _script(Log.Add(number => new(number, stream, stream, socket.Dispose, () => Reset(socket))));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // The proxy closed while the script was talking.
        }
        finally
        {
            Log.Ended();
        }
    }

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }
}
