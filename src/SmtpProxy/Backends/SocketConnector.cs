using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.Backends;

/// <summary>Connects by the runtime's sockets.</summary>
internal sealed class SocketConnector : IAddressConnector
{
    public async ValueTask<BackendConnection> ConnectAsync(IPEndPoint remote, CancellationToken cancellationToken)
    {
        var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(remote, cancellationToken);
            var pipe = new SocketDuplexPipe(socket);
            return new(pipe, remote, pipe, () => socket.LocalEndPoint);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
