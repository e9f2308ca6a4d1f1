using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class BackendPoolsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly object _owner = new();

    [Fact]
    public async Task Retain_DestinationGone_ClosesWhatIsKeptAndWhatComesBack()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink());
        await using var harness = new PoolHarness(transport, _time);
        var lent = await harness.LeaseAsync(_owner);
        var kept = await harness.LeaseAsync(_owner);
        harness.Pools.Return(kept, _owner);

        harness.Pools.Retain(new HashSet<DestinationState>());

        await Eventually.TrueAsync(() => transport.Server.Open == 1, "the kept one is closed");
        Assert.Equal("QUIT", transport.Server[1].Commands[^1]);
        Assert.Equal(250, await PoolHarness.CommandAsync(lent, "NOOP"));
        harness.Pools.Return(lent, _owner);
        await Eventually.TrueAsync(() => transport.Server.Open == 0, "the lent one is closed when it comes back");
        Assert.Equal("QUIT", transport.Server[0].Commands[^1]);
    }

    [Fact]
    public async Task Retain_PoolRemovedMeanwhile_ReturnStillCloses()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink());
        await using var harness = new PoolHarness(transport, _time);
        await using var other = new PoolHarness(transport, _time);
        var session = await other.LeaseAsync(_owner);

        harness.Pools.Return(session, _owner);

        Assert.Equal(0, transport.Server.Open);
    }

    [Fact]
    public async Task Retain_DestinationStays_KeepsItsSessions()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink());
        await using var harness = new PoolHarness(transport, _time);
        var kept = await harness.LeaseAsync(_owner);
        harness.Pools.Return(kept, _owner);

        harness.Pools.Retain(new HashSet<DestinationState> { harness.Destination });

        Assert.Same(kept, await harness.LeaseAsync(_owner));
    }

    [Fact]
    public async Task ShutdownAsync_KeptSessions_EndWithQuitAndNoneIsLentAgain()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink());
        await using var harness = new PoolHarness(transport, _time, new ConnectionConfig { MaxConnections = 2 });
        var lent = await harness.LeaseAsync(_owner);
        harness.Pools.Return(await harness.LeaseAsync(new object()), new object());
        var other = await harness.LeaseAsync(new object());
        var waiting = harness.AcquireAsync(new object());
        Assert.False(waiting.IsCompleted);

        await harness.Pools.ShutdownAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(AttemptResult.Abandoned, (await waiting).Result);
        Assert.Equal(AttemptResult.Abandoned, (await harness.AcquireAsync(_owner)).Result);
        harness.Pools.Return(lent, _owner);
        harness.Pools.Return(other, _owner);
        await harness.Pools.ShutdownAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(0, transport.Server.Open);
        Assert.All(Enumerable.Range(0, 2), i => Assert.Equal("QUIT", transport.Server[i].Commands[^1]));
    }

    [Fact]
    public async Task ShutdownAsync_ServerNeverAnswersQuit_EndsAtTheDeadline()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink((_, verb) => verb == "QUIT" ? "" : null));
        var harness = new PoolHarness(transport, _time);
        harness.Pools.Return(await harness.LeaseAsync(_owner), _owner);

        var stopping = harness.Pools.ShutdownAsync(TimeSpan.FromSeconds(1)).AsTask();
        Assert.False(stopping.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await stopping;

        Assert.Equal(1, transport.Server.Open);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => transport.Server.Open == 0, "closed without the reply");
        await harness.DisposeAsync();
    }

    [Fact]
    public async Task Gauges_SessionsMove_FollowThem()
    {
        const string Idle = "smtpproxy_pool_sessions{destination=\"mta1\",state=\"idle\"}";
        const string Busy = "smtpproxy_pool_sessions{destination=\"mta1\",state=\"busy\"}";
        const string Connecting = "smtpproxy_pool_sessions{destination=\"mta1\",state=\"connecting\"}";
        const string Waiting = "smtpproxy_pool_waiting{destination=\"mta1\"}";
        var gate = new TaskCompletionSource();
        var transport = new InMemoryBackendTransport(ServerScripts.Sink()) { Gate = gate.Task };
        await using var harness = new PoolHarness(transport, _time, new ConnectionConfig { MaxConnections = 1 });

        var leasing = harness.LeaseAsync(_owner);
        var waiting = harness.LeaseAsync(_owner);
        Assert.Equal(("0", "1", "1"), (await harness.GaugeAsync(Busy), await harness.GaugeAsync(Connecting), await harness.GaugeAsync(Waiting)));
        gate.SetResult();
        harness.Pools.Return(await leasing, _owner);
        var session = await waiting;
        Assert.Equal(("1", "0", "0"), (await harness.GaugeAsync(Busy), await harness.GaugeAsync(Connecting), await harness.GaugeAsync(Waiting)));
        harness.Pools.Return(session, _owner);
        Assert.Equal(("1", "0"), (await harness.GaugeAsync(Idle), await harness.GaugeAsync(Busy)));
        harness.Pools.Discard(await harness.LeaseAsync(_owner));
        Assert.Equal(("0", "0"), (await harness.GaugeAsync(Idle), await harness.GaugeAsync(Busy)));
    }
}
