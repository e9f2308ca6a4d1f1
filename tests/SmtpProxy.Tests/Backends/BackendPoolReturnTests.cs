using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Backends;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class BackendPoolReturnTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly object _owner = new();

    [Fact]
    public async Task Return_InTransaction_ResetsBeforeTheNextUse()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink());
        await using var harness = new PoolHarness(transport, _time);
        var session = await BeginAsync(harness);

        harness.Pools.Return(session, _owner);

        Assert.Same(session, await harness.LeaseAsync(_owner));
        Assert.False(session.IsInTransaction);
        Assert.Equal(["EHLO proxy.example.com", "MAIL FROM:<a@example.com>", "RSET"], transport.Server[0].Commands);
    }

    [Fact]
    public async Task AcquireAsync_OwnSessionIsBeingReset_WaitsForItInsteadOfConnecting()
    {
        var answer = new TaskCompletionSource();
        var transport = new InMemoryBackendTransport(SlowReset(answer.Task, "250 ok\r\n"));
        await using var harness = new PoolHarness(transport, _time);
        var session = await BeginAsync(harness);
        harness.Pools.Return(session, _owner);

        var acquiring = harness.LeaseAsync(_owner);
        Assert.False(acquiring.IsCompleted);
        answer.SetResult();

        Assert.Same(session, await acquiring);
        Assert.Equal(1, transport.Server.Count);
    }

    [Fact]
    public async Task AcquireAsync_ResetRefusedAndQuitUnanswered_GetsAnotherSession()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink(
            static (server, verb) => verb == "RSET" ? "503 5.5.0 not available\r\n" : verb == "QUIT" && server.Number == 1 ? "" : null));
        await using var harness = new PoolHarness(transport, _time);
        var first = await BeginAsync(harness);
        harness.Pools.Return(first, _owner);

        Assert.NotSame(first, await harness.LeaseAsync(_owner));
        transport.Server[0].Close();
    }

    [Fact]
    public async Task AcquireAsync_GivenUpWhileResetIsUnanswered_EndsAtOnce()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink(static (_, verb) => verb == "RSET" ? "" : null));
        await using var harness = new PoolHarness(transport, _time);
        var first = await BeginAsync(harness);
        harness.Pools.Return(first, _owner);
        using var impatience = new CancellationTokenSource();
        var acquiring = harness.Pools.AcquireAsync(harness.Destination, new SessionRequest(PoolHarness.Hostname, _owner), impatience.Token).AsTask();
        Assert.False(acquiring.IsCompleted);
        await impatience.CancelAsync();

        var lease = await acquiring.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal((null, AttemptResult.Abandoned), (lease.Session, lease.Result));
        transport.Server[0].Close();
    }

    [Fact]
    public async Task Return_ResetRefused_ClosesAndTheNextTransactionNeverNotices()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink((_, verb) => verb == "RSET" ? "503 5.5.0 not available\r\n" : null));
        await using var harness = new PoolHarness(transport, _time);
        var session = await BeginAsync(harness);

        harness.Pools.Return(session, _owner);
        var next = await harness.LeaseAsync(_owner);

        Assert.NotSame(session, next);
        Assert.False(next.IsReused);
        await Eventually.TrueAsync(() => transport.Server.Open == 1, "the refused one is closed");
        Assert.Equal("QUIT", transport.Server[0].Commands[^1]);
    }

    [Fact]
    public async Task Return_ResetNeverAnswered_ClosesAtTheDeadline()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink((_, verb) => verb == "RSET" ? "" : null));
        await using var harness = new PoolHarness(transport, _time);
        harness.Pools.Return(await BeginAsync(harness), _owner);

        var next = await Eventually.AdvancedAsync(_time, TimeSpan.FromSeconds(1), harness.LeaseAsync(_owner));

        Assert.False(next.IsReused);
        await Eventually.TrueAsync(() => transport.Server.Open == 1, "the silent one is closed");
    }

    [Fact]
    public async Task Return_ResetUnderWayAtTheLimit_ServesTheFirstInTheQueue()
    {
        var answer = new TaskCompletionSource();
        var transport = new InMemoryBackendTransport(SlowReset(answer.Task, "250 ok\r\n"));
        await using var harness = new PoolHarness(transport, _time, new ConnectionConfig { MaxConnections = 1 });
        var session = await BeginAsync(harness);
        harness.Pools.Return(session, _owner);

        var other = harness.LeaseAsync(new object());
        Assert.False(other.IsCompleted);
        answer.SetResult();

        Assert.Same(session, await other);
    }

    [Fact]
    public async Task AcquireAsync_OwnSessionIsBeingResetAtTheLimit_IsServedBeforeWhoeverComesLater()
    {
        var answer = new TaskCompletionSource();
        var transport = new InMemoryBackendTransport(SlowReset(answer.Task, "250 ok\r\n"));
        await using var harness = new PoolHarness(transport, _time, new ConnectionConfig { MaxConnections = 1 });
        var session = await BeginAsync(harness);
        harness.Pools.Return(session, _owner);

        var first = harness.LeaseAsync(_owner);
        var later = harness.LeaseAsync(new object());
        answer.SetResult();

        Assert.Same(session, await first.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.False(later.IsCompleted);
        harness.Pools.Return(session, _owner);
        Assert.Same(session, await later);
    }

    [Fact]
    public async Task AcquireAsync_OwnSessionIsBeingResetAndNobodyMayQueue_WaitsForItAllTheSame()
    {
        var answer = new TaskCompletionSource();
        var transport = new InMemoryBackendTransport(SlowReset(answer.Task, "250 ok\r\n"));
        await using var harness = new PoolHarness(transport, _time, new ConnectionConfig { MaxConnections = 1, MaxQueue = 0 });
        var session = await BeginAsync(harness);
        harness.Pools.Return(session, _owner);

        var acquiring = harness.LeaseAsync(_owner);
        answer.SetResult();

        Assert.Same(session, await acquiring);
    }

    [Fact]
    public async Task ReleaseOwner_WhileResetting_ClaimEndsWithTheClient()
    {
        var answer = new TaskCompletionSource();
        var transport = new InMemoryBackendTransport(SlowReset(answer.Task, "250 ok\r\n"));
        await using var harness = new PoolHarness(transport, _time, new ConnectionConfig { PoolSize = 0 });
        harness.Pools.Return(await BeginAsync(harness), _owner);

        harness.Pools.ReleaseOwner(_owner);
        answer.SetResult();

        await Eventually.TrueAsync(() => transport.Server.Open == 0, "closed with its client");
        Assert.Equal("QUIT", transport.Server[0].Commands[^1]);
    }

    [Fact]
    public async Task Return_RepliesOutstanding_ClosesAtOnce()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink());
        await using var harness = new PoolHarness(transport, _time);
        var session = await harness.LeaseAsync(_owner);
        session.Expect(1);

        harness.Pools.Return(session, _owner);

        Assert.Equal(0, transport.Server.Open);
        Assert.DoesNotContain("QUIT", transport.Server[0].Commands);
    }

    [Fact]
    public async Task Return_SurplusReply_ClosesAndUsesAFreshOne()
    {
        var transport = new InMemoryBackendTransport(
            ServerScripts.Sink((_, verb) => verb == "NOOP" ? "250 2.0.0 queued\r\n250 2.0.0 queued again\r\n" : null));
        await using var harness = new PoolHarness(transport, _time);
        var session = await harness.LeaseAsync(_owner);
        Assert.Equal(250, await PoolHarness.CommandAsync(session, "NOOP"));

        harness.Pools.Return(session, _owner);
        var next = await harness.LeaseAsync(_owner);

        Assert.NotSame(session, next);
        Assert.Equal(250, await PoolHarness.CommandAsync(next, "MAIL FROM:<a@example.com>"));
        Assert.Equal((2, 1), (transport.Server.Count, transport.Server.Open));
    }

    [Fact]
    public async Task Discard_Session_ClosesAtOnceAndFreesItsPlace()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink());
        await using var harness = new PoolHarness(transport, _time, new ConnectionConfig { MaxConnections = 1 });
        var session = await harness.LeaseAsync(_owner);
        var waiting = harness.LeaseAsync(new object());
        Assert.False(waiting.IsCompleted);

        harness.Pools.Discard(session);

        Assert.NotSame(session, await waiting);
        Assert.Equal(1, transport.Server.MostOpen);
        Assert.DoesNotContain("QUIT", transport.Server[0].Commands);
    }

    private static Func<ServerConversation, Task> SlowReset(Task gate, string reply) => async server =>
    {
        await server.SendAsync(ServerScripts.Greeting);
        while (await server.ReadLineAsync() is { } line)
        {
            if (line == "RSET")
            {
                await gate;
            }

            await server.SendAsync(line == "RSET" ? reply : line == "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
        }
    };

    private async Task<BackendSession> BeginAsync(PoolHarness harness)
    {
        var session = await harness.LeaseAsync(_owner);
        Assert.Equal(250, await PoolHarness.CommandAsync(session, "MAIL FROM:<a@example.com>"));
        session.IsInTransaction = true;
        return session;
    }
}
