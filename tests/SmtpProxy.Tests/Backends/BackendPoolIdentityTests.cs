using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using Xunit;

namespace SmtpProxy.Tests.Backends;

/// <summary>A session that carries a client's identity serves nobody else.</summary>
public sealed class BackendPoolIdentityTests : IAsyncDisposable
{
    private static readonly ForwardedClient Ten = Clients.At("192.0.2.10");
    private static readonly ForwardedClient Twenty = Clients.At("192.0.2.20");

    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryBackendTransport _transport;
    private readonly PoolHarness _harness;
    private readonly object _alice = new();
    private readonly object _bob = new();
    private IdentityMode _identity;

    public BackendPoolIdentityTests()
    {
        _transport = new InMemoryBackendTransport(async server =>
        {
            if (_identity is IdentityMode.ProxyV1)
            {
                await server.ReadLineAsync();
            }

            await Clients.XClientSink()(server);
        });
        _harness = new PoolHarness(_transport, _time);
    }

    private ServerLog Server => _transport.Server;

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Theory]
    [InlineData(IdentityMode.ProxyV1)]
    [InlineData(IdentityMode.XClient)]
    public async Task AcquireAsync_SameClientConnection_GetsItsSessionAgain(IdentityMode identity)
    {
        Use(identity);
        var session = await _harness.LeaseAsync(_alice, Ten);
        _harness.Pools.Return(session, _alice);

        Assert.Same(session, await _harness.LeaseAsync(_alice, Ten));
        Assert.Same(Ten, session.Client);
    }

    [Theory]
    [InlineData(IdentityMode.ProxyV1, 1)]
    [InlineData(IdentityMode.ProxyV1, 100)]
    [InlineData(IdentityMode.XClient, 1)]
    [InlineData(IdentityMode.XClient, 100)]
    public async Task AcquireAsync_AnotherClient_NeverGetsIt(IdentityMode identity, int maxConnections)
    {
        Use(identity, maxConnections);
        var kept = await _harness.LeaseAsync(_alice, Ten);
        _harness.Pools.Return(kept, _alice);

        Assert.NotSame(kept, await _harness.LeaseAsync(_bob, Twenty));
        Assert.InRange(Server.MostOpen, 1, maxConnections);
    }

    [Theory]
    [InlineData(IdentityMode.ProxyV1)]
    [InlineData(IdentityMode.XClient)]
    public async Task AcquireAsync_AnotherClientAfterTheFirstLeft_NeverGetsIt(IdentityMode identity)
    {
        Use(identity);
        var kept = await _harness.LeaseAsync(_alice, Ten);
        _harness.Pools.Return(kept, _alice);
        _harness.Pools.ReleaseOwner(_alice);

        Assert.NotSame(kept, await _harness.LeaseAsync(_bob, Twenty));
    }

    [Fact]
    public async Task AcquireAsync_XClientSameAddressAndName_SharesTheSession()
    {
        Use(IdentityMode.XClient);
        var kept = await _harness.LeaseAsync(_alice, Ten);
        _harness.Pools.Return(kept, _alice);
        _harness.Pools.ReleaseOwner(_alice);

        Assert.Same(kept, await _harness.LeaseAsync(_bob, Clients.At("192.0.2.10", port: 50000)));
    }

    [Fact]
    public async Task AcquireAsync_XClientOtherNameProtocolOrLogin_DoesNotShareTheSession()
    {
        Use(IdentityMode.XClient);
        var kept = await _harness.LeaseAsync(_alice, Ten);
        _harness.Pools.Return(kept, _alice);
        _harness.Pools.ReleaseOwner(_alice);

        Assert.NotSame(kept, await _harness.LeaseAsync(_bob, Ten with { Helo = "other.example.com" }));
        Assert.NotSame(kept, await _harness.LeaseAsync(_bob, Ten with { IsEsmtp = false }));
        Assert.NotSame(kept, await _harness.LeaseAsync(_bob, Ten with { Login = "alice" }));
        Assert.NotSame(kept, await _harness.LeaseAsync(_bob));
        Assert.Same(kept, await _harness.LeaseAsync(_bob, Ten));
    }

    [Fact]
    public async Task AcquireAsync_XForward_SharesTheSession()
    {
        Use(IdentityMode.XForward);
        var kept = await _harness.LeaseAsync(_alice, Ten);
        _harness.Pools.Return(kept, _alice);
        _harness.Pools.ReleaseOwner(_alice);

        Assert.Same(kept, await _harness.LeaseAsync(_bob, Twenty));
        Assert.Same(Twenty, kept.Client);
    }

    [Theory]
    [InlineData(IdentityMode.ProxyV1)]
    [InlineData(IdentityMode.XClient)]
    public async Task Return_AnotherClientWaits_ThePlaceIsFreedInsteadOfTheSessionGiven(IdentityMode identity)
    {
        Use(identity, maxConnections: 1);
        var first = await _harness.LeaseAsync(_alice, Ten);
        var waiting = _harness.LeaseAsync(_bob, Twenty);
        Assert.False(waiting.IsCompleted);

        _harness.Pools.Return(first, _alice);

        Assert.NotSame(first, await waiting);
        Assert.Equal(1, Server.MostOpen);
        Assert.Equal("QUIT", Server[0].Commands[^1]);
    }

    [Fact]
    public async Task Return_XClientAndTheSameClientWaits_TheSessionIsGiven()
    {
        Use(IdentityMode.XClient, maxConnections: 1);
        var first = await _harness.LeaseAsync(_alice, Ten);
        var waiting = _harness.LeaseAsync(_bob, Ten);

        _harness.Pools.Return(first, _alice);

        Assert.Same(first, await waiting);
    }

    [Theory]
    [InlineData(IdentityMode.ProxyV1)]
    [InlineData(IdentityMode.XClient)]
    public async Task AcquireAsync_ManyClientsOverFewConnections_EachIsToldOfItself(IdentityMode identity)
    {
        Use(identity, maxConnections: 3);
        var told = new System.Collections.Concurrent.ConcurrentDictionary<BackendSession, string>();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var owner = new object();
            var client = Clients.At($"192.0.2.{i % 5}");
            var who = identity == IdentityMode.XClient ? $"{i % 5}" : $"{i}";
            for (var n = 0; n < 3; n++)
            {
                var session = await _harness.LeaseAsync(owner, client);
                Assert.Equal(who, told.GetOrAdd(session, who));
                await Task.Yield();
                session.IsInTransaction = n == 1;
                _harness.Pools.Return(session, owner);
            }

            _harness.Pools.ReleaseOwner(owner);
        }));

        Assert.InRange(Server.MostOpen, 1, 3);
    }

    [Fact]
    public async Task ReleaseOwner_ProxyHeader_SaysQuitAtOnce()
    {
        Use(IdentityMode.ProxyV1);
        _harness.Pools.Return(await _harness.LeaseAsync(_alice, Ten), _alice);

        _harness.Pools.ReleaseOwner(_alice);

        await Eventually.TrueAsync(() => Server.Open == 0, "closed with its client");
        Assert.Equal("QUIT", Server[0].Commands[^1]);
    }

    [Fact]
    public async Task ReleaseOwner_ProxyHeaderDuringReset_SaysQuitAfterwards()
    {
        Use(IdentityMode.ProxyV1);
        var session = await _harness.LeaseAsync(_alice, Ten);
        session.IsInTransaction = true;
        _harness.Pools.Return(session, _alice);
        _harness.Pools.ReleaseOwner(_alice);

        await Eventually.TrueAsync(() => Server.Open == 0, "closed with its client");
        Assert.Equal(["RSET", "QUIT"], Server[0].Commands.TakeLast(2));
    }

    [Fact]
    public async Task Return_ProxyHeaderSecondSessionOfAnOwner_IsClosed()
    {
        Use(IdentityMode.ProxyV1);
        var first = await _harness.LeaseAsync(_alice, Ten);
        var second = await _harness.LeaseAsync(_alice, Ten);
        _harness.Pools.Return(first, _alice);
        _harness.Pools.Return(second, _alice);

        await Eventually.TrueAsync(() => Server.Open == 1, "one is kept");
        _harness.Pools.ReleaseOwner(_alice);
        await Eventually.TrueAsync(() => Server.Open == 0, "none is kept");
    }

    [Fact]
    public async Task ReleaseOwner_XClientsBeyondPoolSize_ClosesTheOldest()
    {
        Use(IdentityMode.XClient, poolSize: 1);
        var first = await _harness.LeaseAsync(_alice, Ten);
        var second = await _harness.LeaseAsync(_bob, Twenty);
        _harness.Pools.Return(first, _alice);
        _harness.Pools.Return(second, _bob);

        _harness.Pools.ReleaseOwner(_alice);
        _harness.Pools.ReleaseOwner(_bob);

        await Eventually.TrueAsync(() => Server.Open == 1, "one is kept");
        Assert.Same(second, await _harness.LeaseAsync(new object(), Twenty));
    }

    [Fact]
    public async Task Sweep_XClientSessionOfAClientThatLeft_ExpiresAsAnyOther()
    {
        Use(IdentityMode.XClient);
        _harness.Pools.Return(await _harness.LeaseAsync(_alice, Ten), _alice);
        _harness.Pools.ReleaseOwner(_alice);

        _time.Advance(TimeSpan.FromSeconds(31));

        await Eventually.TrueAsync(() => Server.Open == 0, "expired");
    }

    [Theory]
    [InlineData(IdentityMode.None, IdentityMode.XClient)]
    [InlineData(IdentityMode.XClient, IdentityMode.None)]
    public async Task AcquireAsync_IdentityChangedByAReload_LeavesTheOldSessions(IdentityMode before, IdentityMode after)
    {
        Use(before);
        var kept = await _harness.LeaseAsync(_alice, Ten);
        _harness.Pools.Return(kept, _alice);
        Use(after);

        Assert.NotSame(kept, await _harness.LeaseAsync(_alice, Ten));
    }

    [Fact]
    public async Task AcquireAsync_IdentityChangedWhileARequestWaits_TheSessionIsBoundToWhomItNames()
    {
        Use(IdentityMode.None, maxConnections: 1);
        var first = await _harness.LeaseAsync(_alice, Ten);
        var waiting = _harness.LeaseAsync(_bob, Twenty);
        Use(IdentityMode.XClient, maxConnections: 1);
        _harness.Pools.Discard(first);
        var session = await waiting;
        Assert.EndsWith(" ADDR=192.0.2.20", Server[1].Commands[1], StringComparison.Ordinal);

        _harness.Pools.Return(session, _bob);
        _harness.Pools.ReleaseOwner(_bob);
        Assert.NotSame(session, await _harness.LeaseAsync(_alice, Ten));
    }

    [Fact]
    public async Task AcquireAsync_Fresh_IsBoundLikeTheOneItReplaces()
    {
        Use(IdentityMode.XClient);
        _harness.Pools.Return(await _harness.LeaseAsync(_alice, Ten), _alice);

        var fresh = await _harness.LeaseAsync(_alice, Ten, fresh: true);
        _harness.Pools.Return(fresh, _alice);
        _harness.Pools.ReleaseOwner(_alice);

        Assert.Contains(Server[1].Commands, static line => line.EndsWith("ADDR=192.0.2.10", StringComparison.Ordinal));
        Assert.NotSame(fresh, await _harness.LeaseAsync(_bob, Twenty));
    }

    private void Use(IdentityMode identity, int maxConnections = 100, int poolSize = 32)
    {
        _identity = identity;
        _harness.Reload(new ConnectionConfig { Identity = identity, MaxConnections = maxConnections, PoolSize = poolSize });
    }
}
