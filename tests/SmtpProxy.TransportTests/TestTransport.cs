using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using SmtpProxy.Transport;
using Xunit;

namespace SmtpProxy.TransportTests;

/// <summary>A transport with one listener on loopback.</summary>
internal sealed class TestTransport : IAsyncDisposable
{
    private TestTransport(EpollTransport transport, IConnectionListener listener)
    {
        Transport = transport;
        Listener = listener;
    }

    public EpollTransport Transport { get; }

    public IConnectionListener Listener { get; }

    public IPEndPoint EndPoint => (IPEndPoint)Listener.EndPoint;

    public static async Task<TestTransport> StartAsync(bool inline = true, int loops = 2, int maxReadBlock = 262_144)
    {
        var transport = new EpollTransport(new EpollTransportOptions { Loops = loops, InlineContinuations = inline, MaxReadBlock = maxReadBlock });
        return new TestTransport(transport, await transport.Listeners.BindAsync(new IPEndPoint(IPAddress.Loopback, 0)));
    }

    /// <summary>A connection of the transport, and the socket at its other end.</summary>
    public async Task<(ConnectionContext Connection, Socket Peer)> OpenAsync(int receiveBuffer = 0)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
        {
            peer.ReceiveBufferSize = receiveBuffer;
        }

        var accepted = Listener.AcceptAsync(cancellationToken);
        await peer.ConnectAsync(EndPoint, cancellationToken);
        var connection = await accepted;

        // Accepting went on on a loop's thread, which a test that waits would keep from its work.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return (connection!, peer);
    }

    public async ValueTask DisposeAsync()
    {
        await Listener.DisposeAsync();
        await Transport.DisposeAsync();
    }
}
