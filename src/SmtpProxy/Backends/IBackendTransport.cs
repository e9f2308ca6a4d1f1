namespace SmtpProxy.Backends;

/// <summary>How connections to servers come about.</summary>
internal interface IBackendTransport
{
    /// <summary>Connects to a server.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">No address of the host could be connected to, or the name is unknown.</exception>
    /// <exception cref="TimeoutException">The time is up.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    ValueTask<BackendConnection> ConnectAsync(string host, int port, TimeSpan timeout, CancellationToken cancellationToken);
}
