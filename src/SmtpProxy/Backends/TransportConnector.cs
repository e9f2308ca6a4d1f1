using System.Net;
using Microsoft.AspNetCore.Connections;

namespace SmtpProxy.Backends;

/// <summary>Connects by a transport that was given to the proxy.</summary>
internal sealed class TransportConnector(IConnectionFactory connections) : IAddressConnector
{
    public async ValueTask<BackendConnection> ConnectAsync(IPEndPoint remote, CancellationToken cancellationToken)
    {
        var connection = await connections.ConnectAsync(remote, cancellationToken);
        return new(connection.Transport, remote, new ConnectionLifetime(connection), () => connection.LocalEndPoint);
    }
}
