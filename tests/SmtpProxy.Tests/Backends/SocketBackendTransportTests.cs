using System.Net;
using System.Net.Sockets;
using SmtpProxy.Backends;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class SocketBackendTransportTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly SocketBackendTransport _transport = new(new SocketConnector(), TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConnectAsync_Address_Connects()
    {
        await using var server = new LoopbackServer(ServerScripts.Sink());

        var connection = await _transport.ConnectAsync("127.0.0.1", server.Port, Timeout, Cancelled);
        using var lifetime = connection.Lifetime;

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, server.Port), connection.RemoteEndPoint);
        var greeting = await connection.Transport.Input.ReadAtLeastAsync(ServerScripts.Greeting.Length, Cancelled);
        Assert.Equal(ServerScripts.Greeting.Length, greeting.Buffer.Length);
    }

    [Fact]
    public async Task ConnectAsync_NameWithSeveralAddresses_TriesThemAll()
    {
        // localhost is ::1 and 127.0.0.1 on most systems; the server listens on the latter only.
        await using var server = new LoopbackServer(ServerScripts.Sink());

        var connection = await _transport.ConnectAsync("localhost", server.Port, Timeout, Cancelled);
        using var lifetime = connection.Lifetime;

        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)connection.RemoteEndPoint).Address.MapToIPv4());
    }

    [Fact]
    public async Task ConnectAsync_NothingListens_IsRefused()
    {
        var server = new LoopbackServer(ServerScripts.Sink());
        var port = server.Port;
        await server.DisposeAsync();

        var fault = await Assert.ThrowsAsync<SocketException>(
            async () => await _transport.ConnectAsync("127.0.0.1", port, Timeout, Cancelled));

        Assert.Equal(SocketError.ConnectionRefused, fault.SocketErrorCode);
    }

    [Fact]
    public async Task ConnectAsync_QueueOfTheServerFull_TimesOut()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var filling = new List<BackendConnection>();

        var timeout = TimeSpan.FromMilliseconds(300);
        var fault = await Assert.ThrowsAsync<TimeoutException>(async () =>
        {
            while (filling.Count < 100)
            {
                filling.Add(await _transport.ConnectAsync("127.0.0.1", port, timeout, Cancelled));
            }
        });

        Assert.NotNull(fault);
        filling.ForEach(static connection => connection.Lifetime.Dispose());
    }

    [Fact]
    public async Task ConnectAsync_GivenUp_Cancels()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await _transport.ConnectAsync("127.0.0.1", 25, Timeout, source.Token));
    }
}
