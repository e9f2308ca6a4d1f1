using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using SmtpProxy.Backends;
using SmtpProxy.Infrastructure;
using SmtpProxy.Transport;
using Xunit;

namespace SmtpProxy.FunctionalTests.Hosting;

/// <summary>A session with a server is best on the loop of the client that it was opened for.</summary>
public sealed class NameLookUpThreadTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly EpollTransport _transport = new(new EpollTransportOptions { Loops = 1 });
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    public NameLookUpThreadTests() => _server.Start();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConnectAsync_ByName_IsBegunOnTheCallersLoop()
    {
        var connector = new RecordingConnector();
        var transport = new SocketBackendTransport(connector, TimeProvider.System, static () => EpollTransport.CurrentScheduler);
        await ToLoopAsync();

        await Assert.ThrowsAsync<SocketException>(() => transport.ConnectAsync("localhost", 25, Patience, Token).AsTask());

        Assert.NotEmpty(connector.Lanes);
        Assert.All(connector.Lanes, static lane => Assert.Equal(1, lane));
    }

    [Fact]
    public async Task ConnectAsync_NameThatDoesNotExist_GoesOnOnTheCallersLoop()
    {
        var transport = new SocketBackendTransport(new RecordingConnector(), TimeProvider.System, static () => EpollTransport.CurrentScheduler);
        await ToLoopAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => transport.ConnectAsync("mta1.invalid", 25, Patience, Token).AsTask());

        Assert.Equal(1, EpollTransport.CurrentLane);
    }

    public async ValueTask DisposeAsync()
    {
        // A loop cannot wait for its own end.
        await Task.Yield();
        await _transport.DisposeAsync();
        _server.Dispose();
    }

    private async Task ToLoopAsync()
    {
        var connection = await _transport.Connections.ConnectAsync(_server.LocalEndpoint, Token);
        await new HomeThread(connection.Features.Get<PipeScheduler>());
        Assert.Equal(1, EpollTransport.CurrentLane);
    }

    private sealed class RecordingConnector : IAddressConnector
    {
        public List<int> Lanes { get; } = [];

        public ValueTask<BackendConnection> ConnectAsync(IPEndPoint remote, CancellationToken cancellationToken)
        {
            Lanes.Add(EpollTransport.CurrentLane);
            throw new SocketException((int)SocketError.ConnectionRefused);
        }
    }
}
