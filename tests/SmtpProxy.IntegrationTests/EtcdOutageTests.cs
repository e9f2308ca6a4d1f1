using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Etcd;
using SmtpProxy.Model;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Affinity;
using SmtpProxy.TestKit.Wire;
using Xunit;
using static SmtpProxy.IntegrationTests.EtcdStores;

namespace SmtpProxy.IntegrationTests;

/// <summary>etcd killed, frozen and compacted under running stores. Each test has an etcd of its own.</summary>
public sealed class EtcdOutageTests : IAsyncLifetime
{
    private EtcdServer? _etcd;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private EtcdServer Etcd => _etcd ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _etcd = await EtcdServer.StartAsync(Token);

    public ValueTask DisposeAsync() => Etcd.DisposeAsync();

    [Fact]
    public async Task Directory_EtcdKilledAndRestarted_ServesOnAndReconciles()
    {
        await using var one = await StartDirectoryAsync();
        await using var two = await StartDirectoryAsync();
        var before = (await AssignAsync(one, "before", "mta1")).Entry!;
        await Eventually.HoldsAsync(() => Cached(two, "before") == before, "the other knows it", cancellationToken: Token);

        await Etcd.KillAsync(Token);
        Assert.Equal(before, Cached(two, "before"));
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(AffinityUse.Hash, (await AssignAsync(one, $"during{i}", "mta2")).Use);
        }

        // The other proxy chose differently for one of them: after the outage both must agree.
        Assert.Equal(AffinityUse.Hash, (await AssignAsync(two, "during0", "mta3")).Use);
        var moved = await one.MoveAsync(Cluster, new SenderKey("before"), before, new AffinityMove("mta2", AffinityReason.Rerouted), Token);
        Assert.Equal("mta2", moved.Destination);
        Assert.False(one.IsStoreUp);

        await Etcd.RestartAsync(Token);
        await Eventually.HoldsAsync(() => one.IsStoreUp && two.IsStoreUp, "both see it again", TimeSpan.FromSeconds(20), Token);
        await Eventually.HoldsAsync(() => one.QueuedWrites + two.QueuedWrites == 0, "all is written", cancellationToken: Token);
        await Eventually.HoldsAsync(
            () => Enumerable.Range(0, 50).All(i => Cached(one, $"during{i}") is { Generation: > 0 } entry && entry == Cached(two, $"during{i}")),
            "both agree",
            cancellationToken: Token);
        await Eventually.HoldsAsync(() => Cached(two, "before")?.Destination == "mta2", "the move came through", cancellationToken: Token);
        Assert.Equal(51, await one.Operator.CountAsync(Cluster, Token));
    }

    [Fact]
    public async Task Watch_EtcdKilledAndRestarted_NothingLostNothingListedAgain()
    {
        var watcher = new RecordingWatcher();
        await using var store = await StartAsync(Config(Etcd.Endpoint), watcher, Token);
        var first = await store.TryAssignAsync(Key("first"), Entry("mta1"), Token);
        await Eventually.HoldsAsync(() => watcher.Current.ContainsKey(Key("first")), "the first", cancellationToken: Token);

        for (var round = 0; round < 2; round++)
        {
            await Etcd.KillAsync(Token);
            await Eventually.HoldsAsync(() => !store.IsUp, "the watch is down", cancellationToken: Token);
            await Etcd.RestartAsync(Token);
            await Etcd.ControlAsync(Token, "put", $"/smtpproxy/v1/{Cluster}/affinity/round{round}", "{\"v\":1,\"dst\":\"mta2\",\"exp\":4000000000000}");
            await Etcd.ControlAsync(Token, "del", $"/smtpproxy/v1/{Cluster}/affinity/first");
            await Eventually.HoldsAsync(() => watcher.Current.ContainsKey(Key($"round{round}")), "a change of the gap", cancellationToken: Token);
            await Eventually.HoldsAsync(() => !watcher.Current.ContainsKey(Key("first")), "a removal of the gap", cancellationToken: Token);
        }

        Assert.Equal(1, watcher.Resets);
        Assert.NotEqual(0, first.Generation);
    }

    [Fact]
    public async Task Watch_CompactedWhileDisconnected_ListedAgain()
    {
        var watcher = new RecordingWatcher();
        await using var store = await StartAsync(Config(Etcd.Endpoint), watcher, Token);
        await store.TryAssignAsync(Key("gone"), Entry("mta1"), Token);
        await Eventually.HoldsAsync(() => watcher.Current.ContainsKey(Key("gone")), "the first", cancellationToken: Token);

        await Etcd.RestartHiddenAsync(Token);
        await Eventually.HoldsAsync(() => !store.IsUp, "the watch is down", cancellationToken: Token);
        await Etcd.ControlAsync(Token, "del", $"/smtpproxy/v1/{Cluster}/affinity/gone");
        for (var i = 0; i < 3; i++)
        {
            await Etcd.ControlAsync(Token, "put", $"/smtpproxy/v1/{Cluster}/affinity/new", $"{{\"v\":1,\"dst\":\"mta{i}\",\"exp\":4000000000000}}");
        }

        var status = await Etcd.ControlAsync(Token, "get", "none", "-w", "json");
        using var json = JsonDocument.Parse(status);
        await Etcd.ControlAsync(Token, "compact", $"{json.RootElement.GetProperty("header").GetProperty("revision").GetInt64()}");
        await Etcd.RestartAsync(Token);

        await Eventually.HoldsAsync(() => watcher.Resets == 2, "listed again", TimeSpan.FromSeconds(20), Token);
        Assert.Equal("mta2", Assert.Single(watcher.Current).Value.Destination);
        await Eventually.HoldsAsync(() => store.IsUp, "the watch stands", cancellationToken: Token);
        var later = await store.TryAssignAsync(Key("later"), Entry("mta1"), Token);
        await Eventually.HoldsAsync(() => watcher.Current.GetValueOrDefault(Key("later")) == later, "it follows", cancellationToken: Token);
    }

    [Fact]
    public async Task Calls_EtcdFrozen_EndByTheDeadline()
    {
        await using var store = await StartAsync(Config(Etcd.Endpoint) with { Timeout = TimeSpan.FromSeconds(1) }, new RecordingWatcher(), Token);
        await store.TryAssignAsync(Key("a"), Entry("mta1"), Token);
        await Etcd.PauseAsync(Token);

        foreach (var call in Calls(store))
        {
            var started = Stopwatch.GetTimestamp();
            await Assert.ThrowsAsync<AffinityStoreException>(call);
            Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 2.5);
        }

        Etcd.Resume();
        await Eventually.HoldsAsync(() => store.IsUp, "the watch stands", TimeSpan.FromSeconds(30), Token);
        // A key of its own: what became of the calls that were given up nobody knows.
        var after = await store.TryAssignAsync(Key("after"), Entry("mta2"), Token);
        Assert.Equal(after, await store.GetAsync(Key("after"), Token));
    }

    [Fact]
    public async Task Calls_ConnectionForgottenByAFirewall_GoByAnother()
    {
        await using var relay = new TcpRelay(IPEndPoint.Parse(new Uri(Etcd.Endpoint).Authority));
        var config = Config($"http://{relay.EndPoint}") with { Timeout = TimeSpan.FromSeconds(1) };
        var watcher = new RecordingWatcher();
        await using var store = await StartAsync(config, watcher, Token);
        await store.TryAssignAsync(Key("a"), Entry("mta1"), Token);

        // Anything that the watch hears during the call would show that the connection lives.
        await Eventually.HoldsAsync(() => watcher.Current.ContainsKey(Key("a")), "the watch has heard of it", cancellationToken: Token);
        relay.IsSilent = true;
        relay.IsSilent = false;

        await Assert.ThrowsAsync<AffinityStoreException>(() => store.GetAsync(Key("a"), Token).AsTask());
        Assert.Equal("mta1", (await store.GetAsync(Key("a"), Token))?.Destination);
        await store.TryAssignAsync(Key("b"), Entry("mta2"), Token);
        await Eventually.HoldsAsync(() => watcher.Current.ContainsKey(Key("b")), "the watch follows", cancellationToken: Token);
    }

    [Fact]
    public async Task StartAsync_EtcdIsAway_ReturnsAndConnectsLater()
    {
        await Etcd.KillAsync(Token);
        var watcher = new RecordingWatcher();
        await using var store = Create(Config(Etcd.Endpoint));
        await store.StartAsync(watcher, Token);
        await Assert.ThrowsAsync<AffinityStoreException>(() => store.GetAsync(Key("a"), Token).AsTask());
        Assert.False(store.IsUp);

        await Etcd.RestartAsync(Token);

        await Eventually.HoldsAsync(() => store.IsUp && watcher.Resets == 1, "listed and followed", TimeSpan.FromSeconds(20), Token);
        Assert.Equal("mta1", (await store.TryAssignAsync(Key("a"), Entry("mta1"), Token)).Destination);
    }

    private static IEnumerable<Func<Task>> Calls(EtcdAffinityStore store) =>
    [
        () => store.GetAsync(Key("a"), Token).AsTask(),
        () => store.TryAssignAsync(Key("b"), Entry("mta1"), Token).AsTask(),
        () => store.TryMoveAsync(Key("a"), 1, Entry("mta2"), Token).AsTask(),
        () => store.RemoveAsync(Key("a"), Token).AsTask(),
        () => store.CountAsync(Cluster, Token).AsTask(),
    ];

    private static ValueTask<AffinityLookup> AssignAsync(AffinityDirectory directory, string sender, string destination) =>
        directory.AssignAsync(Cluster, new SenderKey(sender), destination, new SessionAffinityConfig(), Token);

    private static AffinityEntry? Cached(AffinityDirectory directory, string sender) =>
        directory.TryGet(Cluster, new SenderKey(sender), out AffinityEntry? entry) ? entry : null;

    private async Task<AffinityDirectory> StartDirectoryAsync()
    {
        var options = new AffinityDirectoryOptions
        {
            Hasher = new HashedSenderKeyHasher(secret: null),
            Settings = static _ => new SessionAffinityConfig(),
            Registry = Prometheus.Metrics.NewCustomRegistry(),
        };
        var directory = new AffinityDirectory(
            Create(Config(Etcd.Endpoint)), options, TimeProvider.System, NullLogger<AffinityDirectory>.Instance);
        await directory.StartAsync(Token);
        await Eventually.HoldsAsync(() => directory.IsStoreUp, "the store is up", cancellationToken: Token);
        return directory;
    }
}
