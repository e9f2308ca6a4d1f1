using System.Net;

namespace SmtpProxy.Backends;

/// <summary>Connects to one address.</summary>
internal interface IAddressConnector
{
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be connected to.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    ValueTask<BackendConnection> ConnectAsync(IPEndPoint remote, CancellationToken cancellationToken);
}
