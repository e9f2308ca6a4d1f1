using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using SmtpProxy.Backends;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class BackendConnectorTests
{
    private readonly DestinationState _destination =
        new("pool", "mta1", PoolHarness.Model(new ConnectionConfig { GreetingTimeout = TimeSpan.FromSeconds(20) }, "mta1", 25));

    [Fact]
    public async Task ConnectAsync_EsmtpServer_LearnsWhatItOffers()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink());

        var lease = await ConnectAsync(transport);

        Assert.True(lease.Session!.IsEsmtp);
        Assert.True(lease.Session.Capabilities.Has(SmtpExtensions.Pipelining));
        Assert.Equal(lease.Session.Capabilities, _destination.Capabilities);
    }

    [Fact]
    public async Task ConnectAsync_ServerThatKnowsOnlyHelo_HasNoCapabilities()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink((_, verb) => verb == "EHLO" ? "502 5.5.1 unknown\r\n" : null));

        var lease = await ConnectAsync(transport);

        Assert.False(lease.Session!.IsEsmtp);
        Assert.Equal(SmtpCapabilities.None, lease.Session.Capabilities);
        Assert.Equal(SmtpCapabilities.None, _destination.Capabilities);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, AttemptResult.ConnectionLost)]
    [InlineData(SocketError.HostNotFound, AttemptResult.ConnectionLost)]
    [InlineData(SocketError.AddressNotAvailable, AttemptResult.ConnectionLost)]
    [InlineData(SocketError.TimedOut, AttemptResult.TimedOut)]
    public async Task ConnectAsync_TransportFails_SaysSo(SocketError error, AttemptResult result)
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink()) { Fault = error };

        var lease = await ConnectAsync(transport);

        Assert.Null(lease.Session);
        Assert.Equal((TransactionStage.Connect, result), (lease.Stage, lease.Result));
        Assert.NotEmpty(lease.Text);
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    public async Task ConnectAsync_ProxyLacksSomething_IsNoFailureOfTheServer(SocketError error)
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink()) { Fault = error };

        var lease = await ConnectAsync(transport);

        // What fails in the queue does not count against a destination.
        Assert.Equal((TransactionStage.Queue, AttemptResult.OutOfResources), (lease.Stage, lease.Result));
    }

    [Theory]
    [InlineData("421 4.7.0 too many connections\r\n", 421)]
    [InlineData("554 5.7.1 no\r\n", 554)]
    public async Task ConnectAsync_GreetingRefuses_ClosesAndSaysWhy(string greeting, int code)
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Says(greeting));

        var lease = await ConnectAsync(transport);

        Assert.Equal((TransactionStage.Greeting, AttemptResult.Refused, code), (lease.Stage, lease.Result, lease.Code));
        Assert.Equal(7, lease.Enhanced.Subject);
        Assert.Equal(0, transport.Server.Open);
    }

    [Fact]
    public async Task ConnectAsync_GreetingOctetByOctet_IsGivenUpAtTheDeadlineOfTheWholeReply()
    {
        var time = new FakeTimeProvider();
        var isTalking = true;
        var transport = new InMemoryBackendTransport(async server =>
        {
            while (Volatile.Read(ref isTalking))
            {
                await server.SendAsync("2");
                await Task.Delay(TimeSpan.FromMilliseconds(500), time);
            }
        });

        var connecting = ConnectAsync(transport, time);
        var lease = await Eventually.AdvancedAsync(time, TimeSpan.FromMilliseconds(250), connecting);
        Volatile.Write(ref isTalking, false);

        Assert.Equal(TransactionStage.Greeting, lease.Stage);
        Assert.Equal(AttemptResult.TimedOut, lease.Result);
        Assert.InRange(lease.ConnectDelay, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(21));
    }

    [Fact]
    public async Task ConnectAsync_ClientGoesDuringTheGreeting_ClosesTheConnection()
    {
        using var gone = new CancellationTokenSource();
        var transport = new InMemoryBackendTransport(ServerScripts.Says(""));

        var connecting = ConnectAsync(transport, cancellationToken: gone.Token);
        await Eventually.TrueAsync(() => transport.Server.Open == 1, "connected");
        await gone.CancelAsync();
        var lease = await connecting;

        Assert.Equal(AttemptResult.Abandoned, lease.Result);
        Assert.Equal(0, transport.Server.Open);
    }

    private async Task<LeaseResult> ConnectAsync(
        InMemoryBackendTransport transport, TimeProvider? time = null, CancellationToken? cancellationToken = null)
    {
        var connector = new BackendConnector(transport, new PoolMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), time ?? TimeProvider.System, NullLogger.Instance);
        return await connector.ConnectAsync(
            _destination, _destination.Model, new SessionRequest(PoolHarness.Hostname, this), cancellationToken ?? TestContext.Current.CancellationToken);
    }
}
