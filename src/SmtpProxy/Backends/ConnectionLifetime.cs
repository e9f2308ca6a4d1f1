using Microsoft.AspNetCore.Connections;

namespace SmtpProxy.Backends;

/// <summary>Closes a connection when disposed.</summary>
internal sealed class ConnectionLifetime(ConnectionContext connection) : IDisposable
{
    public void Dispose() => CloseInBackground();

    private void CloseInBackground() => _ = connection.DisposeAsync().AsTask();
}
