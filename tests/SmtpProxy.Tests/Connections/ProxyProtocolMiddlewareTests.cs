using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Connections;
using SmtpProxy.Model;
using SmtpProxy.Tests.Accounting;
using Xunit;

namespace SmtpProxy.Tests.Connections;

public sealed class ProxyProtocolMiddlewareTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ListLogger<ProxyProtocolMiddleware> _logger = new();
    private readonly List<ProxyHeaderResult> _results = [];
    private int _served;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnConnectionAsync_HeaderDripsInForever_IsClosedAtTheDeadline()
    {
        var (connection, client) = Connect("10.0.0.1");
        var served = Middleware("10.0.0.0/8").OnConnectionAsync(connection);
        for (var i = 0; i < 4; i++)
        {
            await client.WriteAsync("PROX"u8[i..][..1].ToArray(), Token);
            Assert.False(served.IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(750));
        }

        await served.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        Assert.Equal([ProxyHeaderResult.TimedOut], _results);
        Assert.Equal(0, _served);
    }

    [Theory]
    [InlineData("::ffff:10.0.0.1", "10.0.0.0/8", ProxyHeaderResult.Accepted)]
    [InlineData("2001:db8::1", "2001:db8::/32", ProxyHeaderResult.Accepted)]
    [InlineData("2001:db8::1", "0.0.0.0/0", ProxyHeaderResult.Untrusted)]
    [InlineData("10.0.0.1", "::/0", ProxyHeaderResult.Untrusted)]
    [InlineData("11.0.0.1", "10.0.0.0/8", ProxyHeaderResult.Untrusted)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.0/104", ProxyHeaderResult.Accepted)]
    [InlineData("11.0.0.1", "::ffff:10.0.0.0/104", ProxyHeaderResult.Untrusted)]
    [InlineData("2001:db8::1", "::ffff:0.0.0.0/96", ProxyHeaderResult.Untrusted)]
    public async Task OnConnectionAsync_Peer_IsTrustedByItsNetwork(string peer, string network, ProxyHeaderResult result)
    {
        var (connection, client) = Connect(peer);
        await client.WriteAsync(Encoding.ASCII.GetBytes("PROXY TCP4 192.0.2.7 192.0.2.25 40000 25\r\n"), Token);
        await Middleware(network).OnConnectionAsync(connection);

        Assert.Equal([result], _results);
        Assert.Equal(result == ProxyHeaderResult.Accepted ? 1 : 0, _served);
    }

    [Fact]
    public async Task OnConnectionAsync_ManyBadHeaders_FillNoLog()
    {
        var middleware = Middleware("10.0.0.0/8");
        for (var i = 0; i < 100; i++)
        {
            var (connection, client) = Connect("10.0.0.1");
            await client.WriteAsync(Encoding.ASCII.GetBytes("PROXY \u001b[31m evil\r\nMAIL FROM:<secret@example.com>\r\n"), Token);
            await middleware.OnConnectionAsync(connection);
        }

        Assert.Equal(100, _results.Count(static result => result == ProxyHeaderResult.Malformed));
        Assert.Equal(20, _logger.Lines.Count);
        Assert.All(_logger.Lines, static line => Assert.Contains("Malformed 'PROXY \\x1B[31m evil'", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("PROXY TCP4")]
    public async Task OnConnectionAsync_ConnectionEndsBeforeTheHeader_IsCountedAndNotServed(string octets)
    {
        var (connection, client) = Connect("10.0.0.1");
        await client.WriteAsync(Encoding.ASCII.GetBytes(octets), Token);
        await client.CompleteAsync();
        await Middleware("10.0.0.0/8").OnConnectionAsync(connection);

        Assert.Equal([ProxyHeaderResult.Closed], _results);
        Assert.Equal(0, _served);
    }

    [Fact]
    public async Task OnConnectionAsync_ConnectionIsReset_IsCountedAndNoFault()
    {
        var (connection, client) = Connect("10.0.0.1");
        await client.CompleteAsync(new ConnectionResetException("reset"));
        await Middleware("10.0.0.0/8").OnConnectionAsync(connection);

        Assert.Equal([ProxyHeaderResult.Closed], _results);
    }

    private static (ConnectionContext Connection, PipeWriter Client) Connect(string peer)
    {
        var input = new Pipe();
        var connection = new DefaultConnectionContext("1", new Duplex(input.Reader, new Pipe().Writer), new Duplex(new Pipe().Reader, input.Writer))
        {
            RemoteEndPoint = new IPEndPoint(IPAddress.Parse(peer), 1),
            LocalEndPoint = new IPEndPoint(IPAddress.Loopback, 25),
        };
        return (connection, input.Writer);
    }

    private ProxyProtocolMiddleware Middleware(string network)
    {
        var options = new ProxyProtocolOptions { TrustedNetworks = [IPNetwork.Parse(network)], OnResult = (_, result) => _results.Add(result) };
        return new ProxyProtocolMiddleware(
            _ =>
            {
                _served++;
                return Task.CompletedTask;
            },
            () => options, _time, _logger);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
