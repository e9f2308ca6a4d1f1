using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using SmtpProxy.Infrastructure;

namespace SmtpProxy.Backends;

/// <summary>Connects over TCP. All addresses of a name are tried in the order of the system resolver, each with its share of the time that is
/// left, so that one address that swallows packets does not use up the time of the others.</summary>
/// <param name="connector">Connects to an address.</param>
/// <param name="time">The clock.</param>
/// <param name="scheduler">By what the caller's thread is come back to, if it is one of the transport's; null: it never is.</param>
internal sealed class SocketBackendTransport(IAddressConnector connector, TimeProvider time, Func<PipeScheduler?>? scheduler = null) : IBackendTransport
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

        // A connection belongs to the thread that it is begun on, and is best begun on that of the client's; names are looked up on another.
        var home = new HomeThread(scheduler?.Invoke());
        try
        {
            // The resolver heeds no token while the system call runs: the wait is given up, not the call.
            var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).WaitAsync(timeout, time, cancellationToken);
            return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
        }
        finally
        {
            await home;
        }
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
