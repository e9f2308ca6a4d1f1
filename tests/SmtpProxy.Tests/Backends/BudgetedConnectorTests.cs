using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using SmtpProxy.Backends;
using SmtpProxy.Infrastructure;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class BudgetedConnectorTests
{
    private static readonly IPEndPoint Remote = new(IPAddress.Loopback, 25);

    private readonly DescriptorBudget _budget = new(free: 4, reserved: 1);
    private int _refused;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConnectAsync_NoDescriptorToSpare_FailsWithoutConnecting()
    {
        var inner = new FakeConnector();
        var connector = new BudgetedConnector(inner, _budget, () => _refused++);
        for (var i = 0; i < 3; i++)
        {
            await connector.ConnectAsync(Remote, Token);
        }

        var fault = await Assert.ThrowsAsync<SocketException>(async () => await connector.ConnectAsync(Remote, Token));

        Assert.Equal((SocketError.TooManyOpenSockets, 1, 3), (fault.SocketErrorCode, _refused, inner.Connections.Count));
    }

    [Fact]
    public async Task Dispose_Twice_ClosesAndCountsOnce()
    {
        var inner = new FakeConnector();
        var connector = new BudgetedConnector(inner, _budget, () => _refused++);
        var first = await connector.ConnectAsync(Remote, Token);
        await connector.ConnectAsync(Remote, Token);

        first.Lifetime.Dispose();
        first.Lifetime.Dispose();

        Assert.Equal(1, _budget.Used);
        Assert.True(inner.Connections[0].IsDisposed);
        Assert.False(inner.Connections[1].IsDisposed);
    }

    [Fact]
    public async Task ConnectAsync_Fails_CountsNothing()
    {
        var connector = new BudgetedConnector(new FakeConnector { Fault = new SocketException((int)SocketError.ConnectionRefused) }, _budget, () => _refused++);

        await Assert.ThrowsAsync<SocketException>(async () => await connector.ConnectAsync(Remote, Token));

        Assert.Equal((0, 0), (_budget.Used, _refused));
    }

    private sealed class FakeConnector : IAddressConnector
    {
        public Exception? Fault { get; init; }

        public List<FakeLifetime> Connections { get; } = [];

        public ValueTask<BackendConnection> ConnectAsync(IPEndPoint remote, CancellationToken cancellationToken)
        {
            if (Fault is not null)
            {
                throw Fault;
            }

            Connections.Add(new FakeLifetime());
            return new(new BackendConnection(new FakePipe(), remote, Connections[^1]));
        }
    }

    private sealed class FakeLifetime : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class FakePipe : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(Stream.Null);

        public PipeWriter Output { get; } = PipeWriter.Create(Stream.Null);
    }
}
