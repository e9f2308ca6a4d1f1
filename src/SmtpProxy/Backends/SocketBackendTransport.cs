using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.Backends;

/// <summary>Connects over TCP. All addresses of a name are tried in the order of the system resolver, each with its share of the time that is
/// left, so that one address that swallows packets does not use up the time of the others.</summary>
internal sealed class SocketBackendTransport(IAddressConnector connector, TimeProvider time) : IBackendTransport
{
    public async ValueTask<BackendConnection> ConnectAsync(string host, int port, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var addresses = await ResolveAsync(host, timeout, cancellationToken);
        Exception? fault = null;
        for (var i = 0; i < addresses.Length; i++)
        {
            var left = timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                break;
            }

            try
            {
                return await ConnectAsync(new IPEndPoint(addresses[i], port), left / (addresses.Length - i), cancellationToken);
            }
            catch (Exception e) when (e is SocketException or TimeoutException)
            {
                fault = e;
            }
        }

        throw fault ?? new TimeoutException();
    }

    private async ValueTask<IPAddress[]> ResolveAsync(string host, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return [address];
        }

        // The resolver heeds no token while the system call runs: the wait is given up, not the call.
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).WaitAsync(timeout, time, cancellationToken);
        return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
    }

    private async ValueTask<BackendConnection> ConnectAsync(IPEndPoint remote, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await connector.ConnectAsync(remote, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }
}
