using System.Text.Json;
using SmtpProxy.Model;
using SmtpProxy.TestKit.Affinity;
using Xunit;
using static SmtpProxy.IntegrationTests.EtcdStores;

namespace SmtpProxy.IntegrationTests;

/// <summary>What two proxies see of one another through a healthy etcd.</summary>
public sealed class EtcdSharingTests(EtcdFixture etcd) : IClassFixture<EtcdFixture>
{
    private readonly SmtpProxy.Configuration.EtcdConfig _config = Config(etcd.Server.Endpoint, $"/test/{Guid.NewGuid():N}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryAssignAsync_TwoProxiesRaceForTwoHundredKeys_TheyAgree()
    {
        await using var one = await StartAsync(_config, new RecordingWatcher(), Token);
        await using var two = await StartAsync(_config, new RecordingWatcher(), Token);

        var races = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var first = one.TryAssignAsync(Key($"sender{i}"), Entry("mta1"), Token).AsTask();
            var second = two.TryAssignAsync(Key($"sender{i}"), Entry("mta2"), Token).AsTask();
            return (One: await first, Two: await second);
        }));

        Assert.All(races, static race => Assert.Equal(race.One, race.Two));
        Assert.Equal(200, await one.CountAsync(Cluster, Token));
    }

    [Fact]
    public async Task TryMoveAsync_InOneProxy_TheOtherIsToldWithinASecond()
    {
        var watcher = new RecordingWatcher();
        await using var one = await StartAsync(_config, new RecordingWatcher(), Token);
        await using var two = await StartAsync(_config, watcher, Token);
        var first = await one.TryAssignAsync(Key("a"), Entry("mta1"), Token);

        var moved = await one.TryMoveAsync(Key("a"), first.Generation, Entry("mta2"), Token);

        await Eventually.HoldsAsync(() => watcher.Current.GetValueOrDefault(Key("a")) == moved, "the move", TimeSpan.FromSeconds(1), Token);
    }

    [Fact]
    public async Task StartAsync_EntriesAreThere_ToldWhole()
    {
        await using var one = await StartAsync(_config, new RecordingWatcher(), Token);
        await Parallel.ForAsync(0, 2500, Token, async (i, token) => await one.TryAssignAsync(Key($"sender{i}"), Entry("mta1"), token));

        var watcher = new RecordingWatcher();
        await using var two = await StartAsync(_config, watcher, Token);

        Assert.Equal(2500, watcher.Current.Count);
        Assert.Equal(1, watcher.Resets);
    }

    [Fact]
    public async Task TryAssignAsync_ManyEntries_ShareLeases()
    {
        await using var store = await StartAsync(_config, new RecordingWatcher(), Token);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => store.TryAssignAsync(Key($"sender{i}"), Entry("mta1"), Token).AsTask()));
        var renewed = await store.TryAssignAsync(Key("sender0"), Entry("mta1"), Token);
        await store.RenewAsync(Key("sender0"), renewed.Generation, renewed.ExpiresAt.AddMinutes(10), Token);

        var listed = await etcd.Server.ControlAsync(Token, "get", "--prefix", _config.Prefix, "-w", "json");

        using var json = JsonDocument.Parse(listed);
        var leases = json.RootElement.GetProperty("kvs").EnumerateArray().Select(kv => kv.GetProperty("lease").GetInt64()).ToList();
        Assert.Equal(100, leases.Count);
        Assert.DoesNotContain(0, leases);
        Assert.InRange(leases.Distinct().Count(), 2, 3);
    }

    [Fact]
    public async Task TryAssignAsync_LeaseWasRevoked_GrantedAnew()
    {
        await using var store = await StartAsync(_config, new RecordingWatcher(), Token);
        await store.TryAssignAsync(Key("a"), Entry("mta1"), Token);
        foreach (var line in (await etcd.Server.ControlAsync(Token, "lease", "list")).Split('\n').Skip(1))
        {
            await etcd.Server.ControlAsync(Token, "lease", "revoke", line.Trim());
        }

        Assert.Null(await store.GetAsync(Key("a"), Token));
        var again = await store.TryAssignAsync(Key("a"), Entry("mta2"), Token);

        Assert.Equal(again, await store.GetAsync(Key("a"), Token));
    }

    [Fact]
    public async Task OnRemoved_LapsedEntry_CollectedByItsLease()
    {
        var watcher = new RecordingWatcher();
        await using var store = await StartAsync(_config, watcher, Token);

        await store.PutAsync(Key("a"), Entry("mta1", TimeSpan.FromSeconds(-60)), Token);

        await Eventually.HoldsAsync(() => watcher.Removed.Contains(Key("a")), "etcd removed it", TimeSpan.FromSeconds(30), Token);
    }

    [Fact]
    public async Task Watcher_ValuesOfSomebodyElse_Skipped()
    {
        var watcher = new RecordingWatcher();
        await etcd.Server.ControlAsync(Token, "put", $"{_config.Prefix}/{Cluster}/affinity/bad", "no json");
        await etcd.Server.ControlAsync(Token, "put", $"{_config.Prefix}/{Cluster}/affinity/newer", "{\"v\":9,\"dst\":\"x\"}");
        await etcd.Server.ControlAsync(Token, "put", $"{_config.Prefix}/states/mta1", "drain");
        await using var store = await StartAsync(_config, watcher, Token);

        await etcd.Server.ControlAsync(Token, "put", $"{_config.Prefix}/{Cluster}/affinity/late", "{}");
        var good = await store.TryAssignAsync(Key("good"), Entry("mta1"), Token);
        await Eventually.HoldsAsync(() => !watcher.Current.IsEmpty, "the good one", cancellationToken: Token);

        Assert.Equal([new(Key("good"), good)], watcher.Current);
        Assert.Null(await store.GetAsync(Key("bad"), Token));
        Assert.Equal("mta1", (await store.TryAssignAsync(Key("bad"), Entry("mta1"), Token)).Destination);
    }

    [Fact]
    public async Task TryMoveAsync_RenewedMeanwhileByAnother_TheGenerationDecides()
    {
        await using var one = await StartAsync(_config, new RecordingWatcher(), Token);
        await using var two = await StartAsync(_config, new RecordingWatcher(), Token);
        var first = await one.TryAssignAsync(Key("a"), Entry("mta1"), Token);

        var renewals = Parallel.ForAsync(1, 50, Token, async (i, token) =>
            await two.RenewAsync(Key("a"), first.Generation, first.ExpiresAt.AddSeconds(i), token));
        var wanted = Entry("mta2") with { Reason = AffinityReason.Rerouted };
        var moved = await one.TryMoveAsync(Key("a"), first.Generation, wanted, Token);
        await renewals;

        Assert.True(moved!.IsSameChoice(wanted));
        Assert.Equal(moved, await two.GetAsync(Key("a"), Token));
    }
}
