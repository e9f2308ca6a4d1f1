using System.Net;
using Prometheus;
using SmtpProxy.Host.Admin;
using SmtpProxy.Host.Running;
using SmtpProxy.Hosting;
using SmtpProxy.Management;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using Xunit;

namespace SmtpProxy.FunctionalTests.Host;

public sealed class AdminServerTests
{
    [Fact]
    public async Task Start_PortTaken_SaysWhichKey()
    {
        await using var first = await AdminHarness.StartAsync();

        var error = await Assert.ThrowsAsync<ListenerBindException>(() => AdminServer.StartAsync(
            first.Address.Authority, first.Target, Metrics.NewCustomRegistry(), TestContext.Current.CancellationToken));

        Assert.StartsWith($"SmtpProxy:Admin:Address: cannot listen on {first.Address.Authority}", error.Message);
    }

    [Fact]
    public async Task Healthz_Draining_StaysHealthy()
    {
        await using var api = await AdminHarness.StartAsync();
        api.Target.IsDraining = true;

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/healthz")).Status);
    }

    [Theory]
    [InlineData(true, false, true, HttpStatusCode.OK, "ready", "up")]
    [InlineData(true, false, false, HttpStatusCode.OK, "ready", "away")]
    [InlineData(true, true, true, HttpStatusCode.ServiceUnavailable, "draining", "up")]
    [InlineData(false, false, true, HttpStatusCode.ServiceUnavailable, "starting", "up")]
    public async Task Readyz_State_IsTold(bool isReady, bool isDraining, bool isStoreUp, HttpStatusCode expected, string status, string store)
    {
        await using var api = await AdminHarness.StartAsync();
        api.Target.IsReady = isReady;
        api.Target.IsDraining = isDraining;
        api.Target.IsStoreUp = isStoreUp;

        var answer = await api.GetAsync("/readyz");

        Assert.Equal(expected, answer.Status);
        Assert.Equal(status, (string?)answer.Body!["status"]);
        Assert.Equal(store, (string?)answer.Body["store"]);
    }

    [Fact]
    public async Task Readyz_ClusterWithoutDestination_NamesIt()
    {
        await using var api = await AdminHarness.StartAsync();
        var pool = api.Target.Current.Clusters["pool"];
        pool.Model = pool.Model with { Destinations = [] };

        var answer = await api.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("pool", (string?)answer.Body!["emptyClusters"]![0]);
    }

    [Fact]
    public async Task Metrics_OfTheRegistry_AreServed()
    {
        await using var api = await AdminHarness.StartAsync();

        using var answer = await api.SendRawAsync(HttpMethod.Get, "/metrics");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("smtpproxy_store_up 1", text);
        Assert.StartsWith("text/plain", answer.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task Clusters_WhatIsKnownOfDestinations_IsShown()
    {
        await using var api = await AdminHarness.StartAsync();
        var mta1 = api.Target.Current.Clusters["pool"].Model.Destinations[0];
        mta1.Enter();
        mta1.Learn(new SmtpCapabilities(SmtpExtensions.Pipelining | SmtpExtensions.Size, 10_240_000));
        await api.PutAsync("/api/v1/clusters/pool/affinity/a%40b", """{"destination":"mta1"}""");

        var cluster = (await api.GetAsync("/api/v1/clusters")).Body!["clusters"]![0]!;

        Assert.Equal("pool", (string?)cluster["id"]);
        Assert.Equal("SenderAddress", (string?)cluster["affinityPolicy"]);
        Assert.Equal(1, (int)cluster["affinityEntries"]!);
        Assert.Equal(
            """{"id":"mta1","address":"127.0.0.1:2601","weight":1,"state":"active","inFlight":1,"capabilities":["PIPELINING","SIZE 10240000"]}""",
            cluster["destinations"]![0]!.ToJsonString());
        Assert.Null(cluster["destinations"]![1]!["capabilities"]);
    }

    [Fact]
    public async Task Explain_Query_ArrivesAsItWasMeant()
    {
        await using var api = await AdminHarness.StartAsync();
        var seen = default(ExplainQuery);
        var entry = new AffinityEntry("mta2", AffinityReason.Rerouted, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1), 7);
        api.Target.OnExplain = query =>
        {
            seen = query;
            return new ExplainResult("default", "pool", "a@b", entry, "mta1", ["mta2", "mta1"]);
        };

        var (status, body) = await api.GetAsync("/api/v1/explain?sender=a+x%40b&client=192.0.2.7&recipient=c%26d@e");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(new ExplainQuery("a+x@b", IPAddress.Parse("192.0.2.7"), "c&d@e"), seen);
        Assert.Equal("default", (string?)body!["route"]);
        Assert.Equal("mta1", (string?)body["hashed"]);
        Assert.Equal("rerouted", (string?)body["entry"]!["reason"]);
        Assert.Equal("""["mta2","mta1"]""", body["candidates"]!.ToJsonString());
    }

    [Fact]
    public async Task Explain_EntryThatOnlyTheStoreKnows_IsFetchedFirst()
    {
        await using var api = await AdminHarness.StartAsync();
        await api.PutAsync("/api/v1/clusters/pool/affinity/a%40b", """{"destination":"mta2"}""");
        var entry = new AffinityEntry("mta2", AffinityReason.Pinned, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1);
        var calls = 0;
        api.Target.OnExplain = _ => new ExplainResult("default", "pool", "a@b", ++calls == 1 ? null : entry, "mta1", ["mta2"]);

        var known = await api.GetAsync("/api/v1/explain?sender=a@b");

        Assert.Equal("mta2", (string?)known.Body!["entry"]!["destination"]);
        Assert.Equal(2, calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?sender=%0A")]
    [InlineData("?sender=a@b&client=nowhere")]
    [InlineData("?sender=a@b&recipient=%")]
    public async Task Explain_BadQuery_BadRequest(string query)
    {
        await using var api = await AdminHarness.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await api.GetAsync("/api/v1/explain" + query)).Status);
    }

    [Fact]
    public async Task Reload_Outcomes_HaveTheirStatus()
    {
        await using var api = await AdminHarness.StartAsync();
        api.Target.NextReload = new ReloadResult(ReloadStatus.Applied, 5, [], ["careful"]);
        var (status, body) = await api.SendAsync(HttpMethod.Post, "/api/v1/reload");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(5, (int)body!["revision"]!);
        Assert.Equal("careful", (string?)body["warnings"]![0]);

        api.Target.NextReload = new ReloadResult(ReloadStatus.Invalid, 5, ["SmtpProxy:X: bad", "SmtpProxy:Y: worse"], []);
        (status, body) = await api.SendAsync(HttpMethod.Post, "/api/v1/reload");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal("""["SmtpProxy:X: bad","SmtpProxy:Y: worse"]""", body!["errors"]!.ToJsonString());

        api.Target.NextReload = new ReloadResult(ReloadStatus.NoFile, 5, [], []);

        Assert.Equal(HttpStatusCode.Conflict, (await api.SendAsync(HttpMethod.Post, "/api/v1/reload")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await api.GetAsync("/api/v1/reload")).Status);
    }

    [Fact]
    public async Task UnknownPath_NotFound()
    {
        await using var api = await AdminHarness.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync("/api/v2/clusters")).Status);
    }
}
