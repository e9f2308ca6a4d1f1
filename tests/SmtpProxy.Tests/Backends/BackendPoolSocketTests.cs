using SmtpProxy.Backends;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Backends;

/// <summary>What real servers do to kept sessions.</summary>
public sealed class BackendPoolSocketTests
{
    private readonly object _owner = new();

    [Theory]
    [InlineData("421 4.4.2 timeout\r\n", "fin")]
    [InlineData("421 4.4.2 timeout\r\n", "open")]
    [InlineData("250 2.0.0 queued again\r\n", "open")]
    [InlineData("", "fin")]
    [InlineData("", "rst")]
    [InlineData("421 4.4.2 timeout\r\n", "rst")]
    public async Task AcquireAsync_KeptSessionDied_ReplacesItUnseen(string octets, string end)
    {
        await using var server = new LoopbackServer(ServerScripts.Sink());
        await using var harness = Harness(server);
        var session = await harness.LeaseAsync(_owner);
        harness.Pools.Return(session, _owner);

        var died = server.Log[0];
        await died.SendAsync(octets);
        if (end == "fin")
        {
            died.Close();
        }
        else if (end == "rst")
        {
            died.Reset();
        }

        // Until the octets have crossed the loopback interface the session looks alive, and rightly so.
        await Eventually.TrueAsync(() => !session.IsClean(), "noticed");
        var next = await harness.LeaseAsync(_owner);

        Assert.False(next.IsReused);
        Assert.Equal(250, await PoolHarness.CommandAsync(next, "MAIL FROM:<a@example.com>"));
        Assert.Equal(2, server.Log.Count);
    }

    [Fact]
    public async Task AcquireAsync_KeptSessionAlive_IsUsedAgain()
    {
        await using var server = new LoopbackServer(ServerScripts.Sink());
        await using var harness = Harness(server);
        var session = await harness.LeaseAsync(_owner);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(250, await PoolHarness.CommandAsync(session, "MAIL FROM:<a@example.com>"));
            session.IsInTransaction = i % 2 == 0;
            harness.Pools.Return(session, _owner);
            Assert.Same(session, await harness.LeaseAsync(_owner));
        }

        Assert.Equal(1, server.Log.Count);
    }

    [Fact]
    public async Task AcquireAsync_EndlessGreeting_IsGivenUp()
    {
        await AssertRefusedAsync(
            async server =>
            {
                while (true)
                {
                    await server.SendAsync("220-x\r\n");
                }
            },
            AttemptResult.ReplyTooLong);
    }

    [Fact]
    public async Task AcquireAsync_GreetingWithoutALineEnd_IsGivenUp()
    {
        await AssertRefusedAsync(
            async server =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    await server.SendAsync(new string('y', 10_000));
                }
            },
            AttemptResult.ReplyTooLong);
    }

    [Fact]
    public async Task AcquireAsync_GreetingOctetByOctet_IsGivenUpInTime()
    {
        await AssertRefusedAsync(
            async server =>
            {
                while (true)
                {
                    await server.SendAsync("2");
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
                }
            },
            AttemptResult.ProtocolError,
            AttemptResult.TimedOut);
    }

    [Fact]
    public async Task AcquireAsync_NoGreeting_IsGivenUpInTime() =>
        await AssertRefusedAsync(ServerScripts.Says(""), AttemptResult.TimedOut);

    private static PoolHarness Harness(LoopbackServer server, ConnectionConfig? connection = null) =>
        new(new SocketBackendTransport(new SocketConnector(), TimeProvider.System), TimeProvider.System, connection, port: server.Port);

    private async Task AssertRefusedAsync(Func<ServerConversation, Task> script, params AttemptResult[] results)
    {
        await using var server = new LoopbackServer(script);
        await using var harness = Harness(server, new ConnectionConfig { GreetingTimeout = TimeSpan.FromMilliseconds(300) });

        var lease = await harness.AcquireAsync(_owner);

        Assert.Null(lease.Session);
        Assert.Equal(TransactionStage.Greeting, lease.Stage);
        Assert.Contains(lease.Result, results);
        Assert.InRange(lease.ConnectDelay, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync(() => server.Log.Open == 0, "the connection is closed");
    }
}
