using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Backends;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class BackendPoolQueueTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryBackendTransport _transport = new(ServerScripts.Sink());
    private readonly PoolHarness _harness;

    public BackendPoolQueueTests() => _harness = new PoolHarness(_transport, _time, new ConnectionConfig { MaxConnections = 1 });

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task AcquireAsync_NothingFreeInTime_TimesOutInTheQueue()
    {
        var session = await _harness.LeaseAsync(new object());
        var waiting = _harness.AcquireAsync(new object());

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        var lease = await waiting;

        Assert.Null(lease.Session);
        Assert.Equal((TransactionStage.Queue, AttemptResult.QueueTimedOut), (lease.Stage, lease.Result));
        Assert.Equal(TimeSpan.FromSeconds(30), lease.QueueDelay);
        Assert.Equal(250, await PoolHarness.CommandAsync(session, "NOOP"));
    }

    [Fact]
    public async Task AcquireAsync_SeveralWait_AreServedInOrder()
    {
        var owner = new object();
        var session = await _harness.LeaseAsync(owner);
        var waiting = Enumerable.Range(0, 3).Select(_ => _harness.AcquireAsync(new object())).ToArray();

        foreach (var next in waiting)
        {
            Assert.False(next.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(1));
            _harness.Pools.Return(session, owner);
            var lease = await next;
            Assert.Same(session, lease.Session);
            Assert.True(lease.QueueDelay >= TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, _transport.Server.Count);
    }

    [Fact]
    public async Task AcquireAsync_OwnerComesBackBehindAQueue_Waits()
    {
        var owner = new object();
        var session = await _harness.LeaseAsync(owner);
        var first = _harness.AcquireAsync(new object());
        _harness.Pools.Return(session, owner);

        var second = _harness.AcquireAsync(owner);

        Assert.Same(session, (await first).Session);
        Assert.False(second.IsCompleted);
        _harness.Pools.Return(session, new object());
        Assert.Same(session, (await second).Session);
    }

    [Fact]
    public async Task Return_MaxTransactionsReached_TheFirstInTheQueueConnectsBeforeANewcomer()
    {
        _harness.Reload(new ConnectionConfig { MaxConnections = 1, MaxTransactions = 1 });
        var owner = new object();
        var session = await _harness.LeaseAsync(owner);
        session.Transactions = 1;
        var first = _harness.AcquireAsync(new object());
        var second = _harness.AcquireAsync(new object());

        _harness.Pools.Return(session, owner);
        var newcomer = _harness.AcquireAsync(new object());
        var next = (await first).Session!;

        Assert.NotSame(session, next);
        Assert.False(second.IsCompleted);
        next.Transactions = 1;
        _harness.Pools.Return(next, new object());
        Assert.NotNull((await second).Session);
        Assert.False(newcomer.IsCompleted);
        Assert.Equal((3, 1), (_transport.Server.Count, _transport.Server.MostOpen));
    }

    [Fact]
    public async Task AcquireAsync_ClientGoesWhileWaiting_LeavesTheQueue()
    {
        using var gone = new CancellationTokenSource();
        var owner = new object();
        var session = await _harness.LeaseAsync(owner);
        var first = _harness.Pools.AcquireAsync(_harness.Destination, new SessionRequest(PoolHarness.Hostname, new object()), gone.Token).AsTask();
        var second = _harness.AcquireAsync(new object());

        await gone.CancelAsync();
        Assert.Equal((TransactionStage.Queue, AttemptResult.Abandoned), ((await first).Stage, (await first).Result));
        _harness.Pools.Return(session, owner);

        Assert.Same(session, (await second).Session);
    }

    [Fact]
    public async Task AcquireAsync_ConnectFails_GivesThePermissionToTheNext()
    {
        var gate = new TaskCompletionSource();
        _transport.Gate = gate.Task;
        _transport.Fault = SocketError.ConnectionRefused;
        var first = _harness.AcquireAsync(new object());
        var second = _harness.AcquireAsync(new object());

        gate.SetResult();

        Assert.Equal((TransactionStage.Connect, AttemptResult.ConnectionLost), ((await first).Stage, (await first).Result));
        Assert.Equal(TransactionStage.Connect, (await second).Stage);
        _transport.Fault = null;
        Assert.NotNull((await _harness.AcquireAsync(new object())).Session);
    }

    [Fact]
    public async Task AcquireAsync_QueueFull_IsToldAtOnce()
    {
        _harness.Reload(new ConnectionConfig { MaxConnections = 1, MaxQueue = 10 });
        await _harness.LeaseAsync(new object());
        var waiting = Enumerable.Range(0, 10).Select(_ => _harness.AcquireAsync(new object())).ToArray();

        var lease = await _harness.AcquireAsync(new object());

        Assert.Equal((TransactionStage.Queue, AttemptResult.QueueTimedOut), (lease.Stage, lease.Result));
        Assert.DoesNotContain(waiting, static task => task.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.All(await Task.WhenAll(waiting), static late => Assert.Equal(AttemptResult.QueueTimedOut, late.Result));
    }

    [Fact]
    public async Task AcquireAsync_LimitRaisedByAReload_ServesTheQueue()
    {
        await _harness.LeaseAsync(new object());
        var waiting = _harness.AcquireAsync(new object());
        _harness.Reload(new ConnectionConfig { MaxConnections = 3 });

        var next = await _harness.AcquireAsync(new object());

        Assert.NotNull(next.Session);
        Assert.NotNull((await waiting).Session);
    }

    [Fact]
    public async Task Return_LimitLoweredByAReload_ClosesTheSurplus()
    {
        _harness.Reload(new ConnectionConfig { MaxConnections = 2 });
        var (first, second) = (new object(), new object());
        var sessions = (await _harness.LeaseAsync(first), await _harness.LeaseAsync(second));
        _harness.Reload(new ConnectionConfig { MaxConnections = 1 });

        _harness.Pools.Return(sessions.Item1, first);
        await Eventually.TrueAsync(() => _transport.Server.Open == 1, "one too many");
        _harness.Pools.Return(sessions.Item2, second);

        Assert.Same(sessions.Item2, await _harness.LeaseAsync(second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AcquireAsync_HundredAtOnceOverThree_NeverOpensMoreAndServesAll(bool withFailures)
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink());
        await using var harness = new PoolHarness(transport, TimeProvider.System, new ConnectionConfig { MaxConnections = 3, PoolSize = 1 });

        var served = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => Task.Run(() => ServeAsync(harness, number, withFailures))));

        Assert.Equal(1000, served.Sum());
        Assert.InRange(transport.Server.MostOpen, 1, 3);
        await Eventually.TrueAsync(() => transport.Server.Open <= 1, "no more than PoolSize are kept");
        Assert.Equal("0", await harness.GaugeAsync("smtpproxy_pool_waiting{destination=\"mta1\"}"));
        Assert.Equal("0", await harness.GaugeAsync("smtpproxy_pool_sessions{destination=\"mta1\",state=\"connecting\"}"));
    }

    // Ten transactions of one client: some end with their session dropped, some are left open, some ask for a fresh session.
    private static async Task<int> ServeAsync(PoolHarness harness, int number, bool withFailures)
    {
        var owner = new object();
        var served = 0;
        for (var i = 0; i < 10; i++)
        {
            var session = await harness.LeaseAsync(owner, fresh: withFailures && (number + i) % 7 == 0);
            served += await PoolHarness.CommandAsync(session, "MAIL FROM:<a@example.com>") == 250 ? 1 : 0;
            session.Transactions++;
            session.IsInTransaction = (number + i) % 3 == 0;
            if (withFailures && (number + i) % 5 == 0)
            {
                harness.Pools.Discard(session);
            }
            else
            {
                harness.Pools.Return(session, owner);
            }
        }

        harness.Pools.ReleaseOwner(owner);
        return served;
    }
}
