using System.Net;
using Microsoft.AspNetCore.Connections;
using SmtpProxy.Transport.Native;

namespace SmtpProxy.Transport.Connections;

/// <summary>Connects. The connection stays with the loop on whose thread it was asked for: the two sides of a session then share one.</summary>
internal sealed class EpollConnectionFactory(EpollTransport transport) : IConnectionFactory
{
    /// <inheritdoc/>
    public ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is not IPEndPoint remote)
        {
            throw new NotSupportedException("Only addresses can be connected to; names are resolved before.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        var loop = transport.NextLoop();
        var inline = transport.Options.InlineContinuations;
        var descriptor = NativeSocket.Connect(remote, out var isConnected);
        var connection = new EpollConnection(descriptor, loop, local: null, remote, inline);
        if (isConnected)
        {
            return new(connection);
        }

        try
        {
            return new PendingConnect(descriptor, connection, inline, cancellationToken).RunAsync();
        }
        catch
        {
            connection.Socket.Close(reset: true);
            throw;
        }
    }
}
