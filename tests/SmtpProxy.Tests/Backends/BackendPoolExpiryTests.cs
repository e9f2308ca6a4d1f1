using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Configuration;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class BackendPoolExpiryTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryBackendTransport _transport = new(ServerScripts.Sink());
    private readonly PoolHarness _harness;
    private readonly object _owner = new();

    public BackendPoolExpiryTests() => _harness = new PoolHarness(_transport, _time);

    private ServerLog Server => _transport.Server;

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Fact]
    public async Task Sweep_IdleForPoolIdle_SaysQuit()
    {
        _harness.Pools.Return(await _harness.LeaseAsync(_owner), _owner);

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, Server.Open);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => Server.Open == 0, "expired");
        Assert.Equal(["EHLO proxy.example.com", "QUIT"], Server[0].Commands);
    }

    [Fact]
    public async Task Sweep_UsedInBetween_IdlesAnew()
    {
        var session = await _harness.LeaseAsync(_owner);
        _harness.Pools.Return(session, _owner);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Same(session, await _harness.LeaseAsync(_owner));
        _harness.Pools.Return(session, _owner);

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, Server.Open);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => Server.Open == 0, "expired");
    }

    [Fact]
    public async Task Sweep_LentSession_IsLeftAlone()
    {
        var session = await _harness.LeaseAsync(_owner);

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(250, await PoolHarness.CommandAsync(session, "NOOP"));
    }

    [Fact]
    public async Task Sweep_PoolMaxAge_ClosesEvenWhenYoungInIdleTime()
    {
        _harness.Reload(new ConnectionConfig { PoolMaxAge = TimeSpan.FromMinutes(1) });
        var session = await _harness.LeaseAsync(_owner);
        _time.Advance(TimeSpan.FromSeconds(50));
        _harness.Pools.Return(session, _owner);

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, Server.Open);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => Server.Open == 0, "too old");
        Assert.Equal("QUIT", Server[0].Commands[^1]);
    }

    [Fact]
    public async Task Return_OlderThanPoolMaxAge_SaysQuit()
    {
        var session = await _harness.LeaseAsync(_owner);
        _time.Advance(TimeSpan.FromMinutes(10));

        _harness.Pools.Return(session, _owner);

        await Eventually.TrueAsync(() => Server.Open == 0, "too old");
        Assert.Equal("QUIT", Server[0].Commands[^1]);
    }

    [Fact]
    public async Task Sweep_ServerClosedTheKeptSession_FreesItsPlace()
    {
        _harness.Pools.Return(await _harness.LeaseAsync(_owner), _owner);
        Server[0].Close();

        _time.Advance(TimeSpan.FromSeconds(5));

        await Eventually.TrueAsync(() => Server.Open == 0, "reaped");
        Assert.DoesNotContain("QUIT", Server[0].Commands);
    }

    [Fact]
    public async Task Quit_ServerNeverAnswers_ClosesAfterAWhile()
    {
        var transport = new InMemoryBackendTransport(ServerScripts.Sink((_, verb) => verb == "QUIT" ? "" : null));
        await using var harness = new PoolHarness(transport, _time, new ConnectionConfig { PoolIdle = TimeSpan.FromSeconds(1) });
        harness.Pools.Return(await harness.LeaseAsync(_owner), _owner);

        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => transport.Server[0].Commands[^1] == "QUIT", "QUIT was sent");
        Assert.Equal(1, transport.Server.Open);
        _time.Advance(TimeSpan.FromSeconds(2));

        await Eventually.TrueAsync(() => transport.Server.Open == 0, "closed without the reply");
    }
}
