using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Backends;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class BackendPoolReuseTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryBackendTransport _transport = new(ServerScripts.Sink());
    private readonly PoolHarness _harness;
    private readonly object _alice = new();
    private readonly object _bob = new();

    public BackendPoolReuseTests() => _harness = new PoolHarness(_transport, _time);

    private ServerLog Server => _transport.Server;

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task AcquireAsync_SameOwner_GetsItsOwnSessionAgain()
    {
        var first = await _harness.LeaseAsync(_alice);
        var second = await _harness.LeaseAsync(_bob);
        Assert.False(first.IsReused);
        _harness.Pools.Return(first, _alice);
        _harness.Pools.Return(second, _bob);

        Assert.Same(first, await _harness.LeaseAsync(_alice));
        Assert.Same(second, await _harness.LeaseAsync(_bob));
        Assert.True(first.IsReused);
        Assert.Equal(2, Server.Count);
    }

    [Fact]
    public async Task AcquireAsync_KeptSession_CompletesWithoutAWait()
    {
        _harness.Pools.Return(await _harness.LeaseAsync(_alice), _alice);

        var acquiring = _harness.Pools.AcquireAsync(
            _harness.Destination, new SessionRequest(PoolHarness.Hostname, _alice), TestContext.Current.CancellationToken);

        Assert.True(acquiring.IsCompleted);
        Assert.NotNull((await acquiring).Session);
    }

    [Fact]
    public async Task AcquireAsync_KeptSession_AllocatesNothing()
    {
        _harness.Pools.Return(await _harness.LeaseAsync(_alice), _alice);
        await CycleAsync(100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        await CycleAsync(1000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    public async Task AcquireAsync_SessionOfAnotherOwner_IsLeftToHim()
    {
        var first = await _harness.LeaseAsync(_alice);
        _harness.Pools.Return(first, _alice);

        Assert.NotSame(first, await _harness.LeaseAsync(_bob));
    }

    [Fact]
    public async Task AcquireAsync_AtTheLimit_TakesTheSessionOfAnotherOwner()
    {
        _harness.Reload(new ConnectionConfig { MaxConnections = 1 });
        var first = await _harness.LeaseAsync(_alice);
        _harness.Pools.Return(first, _alice);

        Assert.Same(first, await _harness.LeaseAsync(_bob));
    }

    [Fact]
    public async Task AcquireAsync_SessionsOfOwnersThatLeft_TakesTheNewest()
    {
        var first = await _harness.LeaseAsync(_alice);
        var second = await _harness.LeaseAsync(_bob);
        _harness.Pools.Return(second, _bob);
        _harness.Pools.Return(first, _alice);
        _harness.Pools.ReleaseOwner(_bob);
        _harness.Pools.ReleaseOwner(_alice);

        Assert.Same(first, await _harness.LeaseAsync(new object()));
        Assert.Same(second, await _harness.LeaseAsync(new object()));
        Assert.Equal(2, Server.Count);
    }

    [Fact]
    public async Task AcquireAsync_OneClientAtATime_UsesTheSameSessionAgainAndAgain()
    {
        var clients = Enumerable.Range(0, 3).Select(static _ => new object()).ToArray();
        var sessions = await Task.WhenAll(clients.Select(client => _harness.LeaseAsync(client)));
        for (var i = 0; i < clients.Length; i++)
        {
            _harness.Pools.Return(sessions[i], clients[i]);
            _harness.Pools.ReleaseOwner(clients[i]);
        }

        for (var i = 0; i < 5; i++)
        {
            var client = new object();
            var session = await _harness.LeaseAsync(client);
            Assert.Same(sessions[^1], session);
            _harness.Pools.Return(session, client);
            _harness.Pools.ReleaseOwner(client);
        }
    }

    [Fact]
    public async Task AcquireAsync_OtherHostname_OpensAnotherSession()
    {
        var first = await _harness.LeaseAsync(_alice);
        _harness.Pools.Return(first, _alice);

        Assert.NotSame(first, await _harness.LeaseAsync(_alice, hostname: "other.example.com"));
        Assert.Equal(["EHLO other.example.com"], Server[1].Commands);
    }

    [Fact]
    public async Task AcquireAsync_OtherHostnameAtTheLimit_ClosesTheKeptSessionFirst()
    {
        _harness.Reload(new ConnectionConfig { MaxConnections = 1 });
        _harness.Pools.Return(await _harness.LeaseAsync(_alice), _alice);

        await _harness.LeaseAsync(_bob, hostname: "other.example.com");

        Assert.Equal(["EHLO proxy.example.com", "QUIT"], Server[0].Commands);
        Assert.Equal(1, Server.MostOpen);
    }

    [Fact]
    public async Task AcquireAsync_Fresh_NeverReuses()
    {
        var first = await _harness.LeaseAsync(_alice);
        _harness.Pools.Return(first, _alice);

        var second = await _harness.LeaseAsync(_alice, fresh: true);

        Assert.NotSame(first, second);
        Assert.False(second.IsReused);
    }

    [Fact]
    public async Task AcquireAsync_FreshAtTheLimit_MakesRoomWithQuit()
    {
        _harness.Reload(new ConnectionConfig { MaxConnections = 1 });
        _harness.Pools.Return(await _harness.LeaseAsync(_alice), _alice);

        var second = await _harness.LeaseAsync(_alice, fresh: true);

        Assert.False(second.IsReused);
        Assert.Equal("QUIT", Server[0].Commands[^1]);
        Assert.Equal(1, Server.MostOpen);
    }

    [Fact]
    public async Task ReleaseOwner_PoolSizeZero_ClosesWhatTheClientKept()
    {
        _harness.Reload(new ConnectionConfig { PoolSize = 0 });
        var session = await _harness.LeaseAsync(_alice);
        _harness.Pools.Return(session, _alice);
        Assert.Same(session, await _harness.LeaseAsync(_alice));
        _harness.Pools.Return(session, _alice);

        _harness.Pools.ReleaseOwner(_alice);

        await Eventually.TrueAsync(() => Server.Open == 0, "closed with its client");
        Assert.Equal(["EHLO proxy.example.com", "QUIT"], Server[0].Commands);
    }

    [Fact]
    public async Task ReleaseOwner_MoreThanPoolSize_ClosesTheSurplus()
    {
        _harness.Reload(new ConnectionConfig { PoolSize = 2 });
        var owners = Enumerable.Range(0, 4).Select(static _ => new object()).ToArray();
        var sessions = new List<BackendSession>();
        foreach (var owner in owners)
        {
            sessions.Add(await _harness.LeaseAsync(owner));
        }

        for (var i = 0; i < owners.Length; i++)
        {
            _harness.Pools.Return(sessions[i], owners[i]);
        }

        Assert.Equal(4, Server.Open);
        Array.ForEach(owners, _harness.Pools.ReleaseOwner);

        await Eventually.TrueAsync(() => Server.Open == 2, "two are kept");
    }

    [Fact]
    public async Task Return_SecondSessionOfAnOwner_IsAnybodys()
    {
        var first = await _harness.LeaseAsync(_alice);
        var second = await _harness.LeaseAsync(_alice);
        _harness.Pools.Return(first, _alice);
        _harness.Pools.Return(second, _alice);

        Assert.Same(second, await _harness.LeaseAsync(_bob));
        Assert.Same(first, await _harness.LeaseAsync(_alice));
    }

    [Fact]
    public async Task Return_Twice_ClosesTheSessionInsteadOfLendingItTwice()
    {
        var session = await _harness.LeaseAsync(_alice);
        _harness.Pools.Return(session, _alice);
        _harness.Pools.Return(session, _alice);

        Assert.NotSame(session, await _harness.LeaseAsync(_alice));
    }

    [Fact]
    public async Task Return_MaxTransactionsReached_SaysQuit()
    {
        _harness.Reload(new ConnectionConfig { MaxTransactions = 2 });
        var session = await _harness.LeaseAsync(_alice);
        session.Transactions = 1;
        _harness.Pools.Return(session, _alice);
        Assert.Same(session, await _harness.LeaseAsync(_alice));
        session.Transactions = 2;
        _harness.Pools.Return(session, _alice);

        await Eventually.TrueAsync(() => Server.Open == 0, "closed");
        Assert.Equal("QUIT", Server[0].Commands[^1]);
    }

    [Fact]
    public async Task AcquireAsync_AddressChanged_LeavesTheOldSession()
    {
        _harness.Pools.Return(await _harness.LeaseAsync(_alice), _alice);
        _harness.Destination.Model = PoolHarness.Model(new ConnectionConfig(), "192.0.2.7", 25);

        await _harness.LeaseAsync(_alice);

        Assert.Equal(["127.0.0.1", "192.0.2.7"], _transport.Hosts);
        await Eventually.TrueAsync(() => Server[0].Commands[^1] == "QUIT", "the old session is closed politely");
    }

    [Fact]
    public async Task Return_AddressChanged_SaysQuit()
    {
        var session = await _harness.LeaseAsync(_alice);
        _harness.Destination.Model = PoolHarness.Model(new ConnectionConfig(), "127.0.0.1", 26);

        _harness.Pools.Return(session, _alice);

        await Eventually.TrueAsync(() => Server.Open == 0, "closed");
    }

    [Fact]
    public async Task Return_SameAddressAfterAReload_KeepsTheSession()
    {
        var session = await _harness.LeaseAsync(_alice);
        _harness.Reload(new ConnectionConfig { MaxConnections = 7 });
        _harness.Pools.Return(session, _alice);

        Assert.Same(session, await _harness.LeaseAsync(_alice));
    }

    private async Task CycleAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            var acquiring = _harness.Pools.AcquireAsync(_harness.Destination, new SessionRequest(PoolHarness.Hostname, _alice), CancellationToken.None);
            Assert.True(acquiring.IsCompletedSuccessfully);
            _harness.Pools.Return((await acquiring).Session!, _alice);
        }
    }
}
