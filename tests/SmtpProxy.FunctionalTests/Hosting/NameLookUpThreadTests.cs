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
        await await LoopAsync();

        await Assert.ThrowsAsync<SocketException>(() => transport.ConnectAsync("localhost", 25, Patience, Token).AsTask());

        Assert.NotEmpty(connector.Lanes);
        Assert.All(connector.Lanes, static lane => Assert.Equal(1, lane));
    }

    [Fact]
    public async Task ConnectAsync_NameThatDoesNotExist_GoesOnOnTheCallersLoop()
    {
        var transport = new SocketBackendTransport(new RecordingConnector(), TimeProvider.System, static () => EpollTransport.CurrentScheduler);
        await await LoopAsync();

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

    // To be awaited by the test itself: behind a method that goes to the loop the test could go on before, where it was.
    private async Task<HomeThread> LoopAsync()
    {
        var connection = await _transport.Connections.ConnectAsync(_server.LocalEndpoint, Token);
        return new HomeThread(connection.Features.Get<PipeScheduler>());
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
