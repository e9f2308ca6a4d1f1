using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Configuration;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class PoolWarmUpTests : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryBackendTransport _transport = new(ServerScripts.Sink());
    private readonly PoolHarness _harness;

    public PoolWarmUpTests() => _harness = new PoolHarness(_transport, _time, new ConnectionConfig { MinPoolSize = 3 });

    private ServerLog Server => _transport.Server;

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task KeepWarm_NoMailYet_SessionsAreOpenAndUsedForTheFirst()
    {
        KeepWarm();
        await IdleAsync(3);

        Assert.Equal(3, Server.Count);
        Assert.Equal(["EHLO proxy.example.com"], Server[2].Commands);
        var session = await _harness.LeaseAsync(new object());
        Assert.Equal(250, await PoolHarness.CommandAsync(session, "MAIL FROM:<a@example.com>"));
        Assert.Equal(3, Server.Count);
    }

    [Fact]
    public async Task KeepWarm_ServerDown_IsTriedOnceUntilTheNextLook()
    {
        _transport.Fault = SocketError.ConnectionRefused;
        KeepWarm();
        for (var attempts = 1; attempts <= 3; attempts++)
        {
            await AttemptsAsync(attempts);
            await GaugeAsync("connecting", 0);
            KeepWarm();
            _time.Advance(Look - TimeSpan.FromMilliseconds(1));
            Assert.Equal(attempts, _transport.Attempts);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await AttemptsAsync(4);
        _transport.Fault = null;
        _time.Advance(Look);
        await IdleAsync(3);
        Assert.Equal(7, _transport.Attempts);
    }

    [Fact]
    public async Task KeepWarm_ServerDoesNotAnswer_NoSecondIsTriedMeanwhile()
    {
        var gate = new TaskCompletionSource();
        _transport.Gate = gate.Task;
        KeepWarm();
        await AttemptsAsync(1);
        _time.Advance(3 * Look);
        KeepWarm();

        Assert.Equal(1, _transport.Attempts);
        await GaugeAsync("connecting", 1);
        gate.SetResult();
        await IdleAsync(3);
    }

    [Fact]
    public async Task KeepWarm_ServerCloses_IsReplacedWithTheNextLook()
    {
        KeepWarm();
        await IdleAsync(3);
        _time.Advance(2 * Look);
        Server[0].Close();
        Server[1].Close();
        _time.Advance(Look);

        await IdleAsync(3);
        await Eventually.TrueAsync(() => Server.Count == 5, "replaced");
        Assert.Equal(3, Server.MostOpen);
    }

    [Fact]
    public async Task KeepWarm_ServerClosesAfterEhlo_GetsOneAtATimeAndLessAndLess()
    {
        KeepWarm();
        await IdleAsync(3);
        CloseAll();
        var last = -1;
        foreach (var (look, attempts) in ((int, int)[])[(0, 4), (2, 5), (6, 6), (13, 7), (26, 8), (39, 9)])
        {
            // Pauses are multiples of the time between two looks. One attempt too many shows in the count of the next one.
            for (; last < look; last++)
            {
                Assert.Equal(attempts - 1, _transport.Attempts);
                _time.Advance(Look);
            }

            await AttemptsAsync(attempts);
            await IdleAsync(1);
            CloseAll();
        }

        _time.Advance(Look);
        await IdleAsync(0);
        Assert.Equal("9", await _harness.GaugeAsync("smtpproxy_pool_warm_losses_total{destination=\"mta1\"}"));
    }

    [Fact]
    public async Task KeepWarm_ServerThatClosedKeepsOneAtLast_GetsTheOthers()
    {
        KeepWarm();
        await IdleAsync(3);
        CloseAll();
        _time.Advance(Look);
        await IdleAsync(1);
        _time.Advance(Look);
        Assert.Equal(4, _transport.Attempts);

        _time.Advance(Look);
        await IdleAsync(3);
        Assert.Equal(6, _transport.Attempts);
    }

    [Fact]
    public async Task KeepWarm_LongerThanPoolIdle_StayOpenUntilPoolMaxAge()
    {
        KeepWarm();
        await IdleAsync(3);
        _time.Advance(TimeSpan.FromMinutes(9));
        await IdleAsync(3);
        Assert.Equal(3, Server.Count);

        _time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => Server.Open == 0 || Server.Count > 3, "too old");
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(Look);
                return Server is { Count: 6, Open: 3 };
            },
            "replaced");
        Assert.Equal("QUIT", Server[0].Commands[^1]);
        Assert.Equal(3, Server.MostOpen);
    }

    [Fact]
    public async Task Sweep_MoreThanMinPoolSize_TheRestIdlesOut()
    {
        KeepWarm();
        await IdleAsync(3);
        var clients = Enumerable.Range(0, 5).Select(static _ => new object()).ToArray();
        var sessions = await Task.WhenAll(clients.Select(client => _harness.LeaseAsync(client)));
        for (var i = 0; i < clients.Length; i++)
        {
            _harness.Pools.Return(sessions[i], clients[i]);
            _harness.Pools.ReleaseOwner(clients[i]);
        }

        _time.Advance(TimeSpan.FromSeconds(30));

        await Eventually.TrueAsync(() => Server.Open == 3, "two are too many");
        await IdleAsync(3);
        Assert.Equal(5, Server.Count);
    }

    [Fact]
    public async Task KeepWarm_FewerConnectionsAllowed_OpensNoMoreThanThose()
    {
        _harness.Reload(new ConnectionConfig { MinPoolSize = 3, MaxConnections = 2 });
        KeepWarm();
        await IdleAsync(2);
        _time.Advance(Look);

        Assert.Equal((2, 2), (Server.Count, Server.MostOpen));
    }

    [Theory]
    [InlineData(IdentityMode.XClient)]
    [InlineData(IdentityMode.ProxyV1)]
    [InlineData(IdentityMode.ProxyV2)]
    public async Task KeepWarm_SessionsBelongToClients_OpensNone(IdentityMode identity)
    {
        KeepWarm();
        await IdleAsync(3);
        _harness.Reload(new ConnectionConfig { MinPoolSize = 3, Identity = identity });
        KeepWarm();
        _time.Advance(TimeSpan.FromMinutes(1));

        await Eventually.TrueAsync(() => Server.Open == 0, "idled out");
        _time.Advance(Look);
        Assert.Equal(3, Server.Count);
    }

    [Fact]
    public async Task StopWarming_SessionCloses_IsNotReplaced()
    {
        KeepWarm();
        await IdleAsync(3);
        _harness.Pools.StopWarming();
        Server[0].Close();
        _time.Advance(Look);

        await IdleAsync(2);
        Assert.Equal(3, _transport.Attempts);
    }

    [Fact]
    public async Task ShutdownAsync_WarmSessions_EndWithQuitAndNoneIsOpenedAgain()
    {
        KeepWarm();
        await IdleAsync(3);

        await _harness.Pools.ShutdownAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(0, Server.Open);
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal("QUIT", Server[i].Commands[^1]));
        _time.Advance(Look);
        Assert.Equal(3, _transport.Attempts);
    }

    private void KeepWarm() => _harness.Pools.KeepWarm(_harness.Destination, PoolHarness.Hostname);

    private void CloseAll()
    {
        for (var i = 0; i < Server.Count; i++)
        {
            Server[i].Close();
        }
    }

    private Task AttemptsAsync(int count) => Eventually.TrueAsync(() => _transport.Attempts == count, $"{count} attempts");

    private Task IdleAsync(int count) => GaugeAsync("idle", count);

    private async Task GaugeAsync(string state, int count)
    {
        var last = "";
        for (var i = 0; i < 1000 && last != $"{count}"; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            last = await _harness.GaugeAsync($"smtpproxy_pool_sessions{{destination=\"mta1\",state=\"{state}\"}}");
        }

        Assert.Equal($"{count}", last);
    }
}
