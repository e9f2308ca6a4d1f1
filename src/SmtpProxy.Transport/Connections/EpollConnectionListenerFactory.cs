using System.Net;
using Microsoft.AspNetCore.Connections;

namespace SmtpProxy.Transport.Connections;

/// <summary>Binds listeners.</summary>
internal sealed class EpollConnectionListenerFactory(EpollTransport transport) : IConnectionListenerFactory
{
    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return endpoint is IPEndPoint local
            ? new(new EpollListener(transport, local))
            : throw new NotSupportedException("Only addresses can be bound.");
    }
}
