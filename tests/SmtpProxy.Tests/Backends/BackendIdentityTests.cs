using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using SmtpProxy.Backends;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class BackendIdentityTests
{
    private static readonly ForwardedClient Client = Clients.At("192.0.2.7");

    private readonly List<byte> _header = [];

    [Fact]
    public async Task ConnectAsync_ProxyV1_SendsTheClientsAddressFirst()
    {
        var lease = await ConnectAsync(HeaderSink(), IdentityMode.ProxyV1, Client);

        Assert.NotNull(lease.Session);
        Assert.Equal("PROXY TCP4 192.0.2.7 192.0.2.25 40000 25", System.Text.Encoding.ASCII.GetString([.. _header]));
    }

    [Fact]
    public async Task ConnectAsync_ProxyV1WithoutClient_NamesTheProxyItself()
    {
        var lease = await ConnectAsync(HeaderSink(), IdentityMode.ProxyV1, client: null);

        Assert.NotNull(lease.Session);
        Assert.StartsWith("PROXY TCP4 127.0.0.1 127.0.0.1 ", System.Text.Encoding.ASCII.GetString([.. _header]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_ProxyV2_SendsTheClientsAddressFirst()
    {
        var lease = await ConnectAsync(HeaderSink(28), IdentityMode.ProxyV2, Client);

        Assert.NotNull(lease.Session);
        Assert.Equal([0x21, 0x11, 0, 12, 192, 0, 2, 7, 192, 0, 2, 25, 0x9c, 0x40, 0, 25], _header.Skip(12));
    }

    [Fact]
    public async Task ConnectAsync_ProxyV2WithoutClient_IsLocal()
    {
        var lease = await ConnectAsync(HeaderSink(16), IdentityMode.ProxyV2, client: null);

        Assert.NotNull(lease.Session);
        Assert.Equal([0x20, 0, 0, 0], _header.Skip(12));
    }

    [Fact]
    public async Task ConnectAsync_XClient_BeginsAnewAndCountsWhatIsOfferedThen()
    {
        var transport = new InMemoryBackendTransport(Clients.XClientSink((server, verb) =>
            verb == "EHLO" && server.Commands.Count > 1 ? "250-mta.example.net\r\n250 SIZE 7\r\n" : null));

        var lease = await ConnectAsync(transport, IdentityMode.XClient, Client);

        Assert.Equal(new SmtpCapabilities(SmtpExtensions.Size, 7), lease.Session!.Capabilities);
        Assert.Equal(
            ["EHLO proxy.example.com", "XCLIENT NAME=[UNAVAILABLE] PROTO=ESMTP HELO=c.example.com PORT=40000 ADDR=192.0.2.7", "EHLO c.example.com"],
            transport.Server[0].Commands);
    }

    [Theory]
    [InlineData("550 5.7.0 insufficient authorization\r\n", 550)]
    [InlineData("421 4.3.0 later\r\n", 421)]
    [InlineData("451 4.3.0 later\r\n", 451)]
    public async Task ConnectAsync_XClientRefused_TheServerIsNotUsed(string reply, int code)
    {
        var transport = new InMemoryBackendTransport(Clients.XClientSink((_, verb) => verb == "XCLIENT" ? reply : null));

        var lease = await ConnectAsync(transport, IdentityMode.XClient, Client);

        Assert.Null(lease.Session);
        Assert.Equal((TransactionStage.Identity, AttemptResult.Refused, code), (lease.Stage, lease.Result, lease.Code));
        Assert.Equal(0, transport.Server.Open);
        Assert.Equal(2, transport.Server[0].Commands.Count);
    }

    [Theory]
    [InlineData("250-mta.example.net\r\n250 PIPELINING\r\n")]
    [InlineData("250-mta.example.net\r\n250 XCLIENT\r\n")]
    [InlineData("250-mta.example.net\r\n250 XCLIENT NAME HELO\r\n")]
    [InlineData("502 5.5.1 what\r\n")]
    public async Task ConnectAsync_XClientNotOffered_TheServerIsNotUsed(string ehlo)
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink((_, verb) => verb == "EHLO" ? ehlo : null));

        var lease = await ConnectAsync(transport, IdentityMode.XClient, Client);

        Assert.Equal((TransactionStage.Identity, AttemptResult.Refused), (lease.Stage, lease.Result));
        Assert.DoesNotContain(transport.Server[0].Commands, static line => line.StartsWith("XCLIENT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ConnectAsync_SecondEhloRefused_FailsThere()
    {
        var transport = new InMemoryBackendTransport(Clients.XClientSink((server, verb) =>
            verb is "EHLO" or "HELO" && server.Commands.Count > 1 ? "501 5.5.4 no such name\r\n" : null));

        Assert.Equal(TransactionStage.Ehlo, (await ConnectAsync(transport, IdentityMode.XClient, Client)).Stage);
    }

    [Fact]
    public async Task ConnectAsync_XClientWithoutClient_SpeaksForItself()
    {
        var transport = new InMemoryBackendTransport(Clients.XClientSink());

        Assert.NotNull((await ConnectAsync(transport, IdentityMode.XClient, client: null)).Session);
        Assert.Equal(["EHLO proxy.example.com"], transport.Server[0].Commands);
    }

    /// <summary>Reads a header of so many octets, or a line, and greets only then.</summary>
    private InMemoryBackendTransport HeaderSink(int? length = null) => new(async server =>
    {
        _header.AddRange(length is { } count ? await server.ReadAsync(count) : System.Text.Encoding.ASCII.GetBytes((await server.ReadLineAsync())!));
        await ServerScripts.Sink()(server);
    });

    private static async Task<LeaseResult> ConnectAsync(InMemoryBackendTransport transport, IdentityMode identity, ForwardedClient? client)
    {
        var model = PoolHarness.Model(new ConnectionConfig { Identity = identity }, "mta1", 25);
        var connector = new BackendConnector(transport, new PoolMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), TimeProvider.System, NullLogger.Instance);
        return await connector.ConnectAsync(
            new DestinationState("pool", "mta1", model), model,
            new SessionRequest(PoolHarness.Hostname, new object()) { Client = client }, TestContext.Current.CancellationToken);
    }
}
