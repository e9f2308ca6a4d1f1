using System.Net;
using SmtpProxy.Configuration;
using Xunit;

namespace SmtpProxy.FunctionalTests.Host;

public sealed class AffinityEndpointsTests
{
    private const string List = "/api/v1/clusters/pool/affinity";
    private const string Body = """{"destination":"mta1"}""";

    [Fact]
    public async Task Get_NoEntry_NotFound()
    {
        await using var api = await AdminHarness.StartAsync();

        var (status, body) = await api.GetAsync($"{List}/a%40example.com");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("no entry of this sender", (string?)body!["detail"]);
    }

    [Fact]
    public async Task Put_ThenGet_AnswersAllFields()
    {
        await using var api = await AdminHarness.StartAsync();

        var (status, put) = await api.PutAsync($"{List}/a%40example.com", """{"destination":"mta2","ttl":"00:10:00"}""");
        var (_, got) = await api.GetAsync($"{List}/a%40example.com");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("a@example.com", (string?)got!["sender"]);
        Assert.Equal("mta2", (string?)got["destination"]);
        Assert.Equal("pinned", (string?)got["reason"]);
        Assert.Equal(TimeSpan.FromMinutes(10), (DateTimeOffset)got["expiresAt"]! - (DateTimeOffset)got["assignedAt"]!);
        Assert.True((long)got["generation"]! > 0);
        Assert.Equal(put!.ToJsonString(), got.ToJsonString());
    }

    [Fact]
    public async Task Put_WithoutTtl_LastsAsLongAsTheClusterSays()
    {
        await using var api = await AdminHarness.StartAsync();

        var (_, body) = await api.PutAsync($"{List}/a%40example.com", Body);

        Assert.Equal(TimeSpan.FromMinutes(30), (DateTimeOffset)body!["expiresAt"]! - (DateTimeOffset)body["assignedAt"]!);
    }

    [Theory]
    [InlineData("a%40example.com", "a%40EXAMPLE.com")]
    [InlineData("a%40example.com", "a+tag%40example.com")]
    [InlineData("a%40example.com", "a%2Btag@example.com")]
    [InlineData("a%40example.com", "prvs=1234567890=a%40example.com")]
    [InlineData("a%40example.com", "%3Ca%40example.com%3E")]
    [InlineData("a%40example.com", "%22a%22%40example.com")]
    [InlineData("%E9%40example.com", "%C3%A9@example.com")]
    [InlineData("a%2Fb%40example.com", "a%2fb@Example.com")]
    public async Task Get_OtherSpellingOfTheSender_FindsTheEntry(string stored, string asked)
    {
        await using var api = await AdminHarness.StartAsync();
        await api.PutAsync($"{List}/{stored}", Body);

        var (status, body) = await api.GetAsync($"{List}/{asked}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("mta1", (string?)body!["destination"]);
    }

    [Theory]
    [InlineData("a%40example.com", "A%40example.com")]
    [InlineData("a%2Fb%40example.com", "a%252Fb@example.com")]
    [InlineData("%E9%40example.com", "%E8@example.com")]
    [InlineData("a%40example.com", "a%40example.org")]
    public async Task Get_OtherSender_NotFound(string stored, string asked)
    {
        await using var api = await AdminHarness.StartAsync();
        await api.PutAsync($"{List}/{stored}", Body);

        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"{List}/{asked}")).Status);
    }

    [Theory]
    [InlineData("ohne-domain")]
    [InlineData("a%2Fb%2Fc%40d%2Fe")]
    [InlineData("%22a%40b%22%40example.com")]
    public async Task Put_UnusualSender_IsStored(string sender)
    {
        await using var api = await AdminHarness.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync($"{List}/{sender}", Body)).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"{List}/{sender}")).Status);
    }

    [Fact]
    public async Task Get_SenderDomainPolicy_AnySenderOfTheDomainStandsForIt()
    {
        await using var api = await AdminHarness.StartAsync(config => config with
        {
            Clusters = new Dictionary<string, ClusterConfig>
            {
                ["pool"] = AdminHarness.Cluster() with { SessionAffinity = new() { Policy = SenderKeyPolicies.SenderDomain } },
            },
        });
        await api.PutAsync($"{List}/any%40example.com", Body);

        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"{List}/other@Example.com")).Status);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"destination":7}""")]
    [InlineData("""{"ttl":"1h"}""")]
    [InlineData("""{"destination":"mta1","ttl":"ten"}""")]
    [InlineData("""{"destination":"mta1","ttl":"00:00:00"}""")]
    [InlineData("""{"destination":"mta1","ttl":"-1s"}""")]
    [InlineData("""{"destination":"mta1","ttl":"99999d"}""")]
    public async Task Put_BadBody_BadRequest(string body)
    {
        await using var api = await AdminHarness.StartAsync();

        var (status, problem) = await api.PutAsync($"{List}/a%40example.com", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("'destination'", (string?)problem!["detail"] + "'destination'");
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"{List}/a%40example.com")).Status);
    }

    [Fact]
    public async Task Put_UnknownDestination_NamesThoseThatExist()
    {
        await using var api = await AdminHarness.StartAsync();

        var (status, problem) = await api.PutAsync($"{List}/a%40example.com", """{"destination":"mta9"}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.EndsWith("mta1, mta2", (string?)problem!["detail"]);
    }

    [Fact]
    public async Task Put_HugeBody_IsRefused()
    {
        await using var api = await AdminHarness.StartAsync();

        var (status, _) = await api.PutAsync($"{List}/a%40example.com", $$"""{"destination":"{{new string('x', 20_000)}}"}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
    }

    [Theory]
    [InlineData("a%0D%0Ab%40example.com")]
    [InlineData("a%00%40example.com")]
    [InlineData("a%4")]
    public async Task Put_MalformedSender_BadRequest(string sender)
    {
        await using var api = await AdminHarness.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await api.PutAsync($"{List}/{sender}", Body)).Status);
    }

    [Fact]
    public async Task Any_UnknownCluster_NamesThoseThatExist()
    {
        await using var api = await AdminHarness.StartAsync();

        var (status, problem) = await api.GetAsync("/api/v1/clusters/pond/affinity/a%40example.com");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.EndsWith("there are: pool", (string?)problem!["detail"]);
    }

    [Fact]
    public async Task Put_NullSender_IsRefused()
    {
        await using var api = await AdminHarness.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await api.PutAsync($"{List}/%3C%3E", Body)).Status);
    }

    [Fact]
    public async Task Delete_Entry_IsGoneAndThenNotFound()
    {
        await using var api = await AdminHarness.StartAsync();
        await api.PutAsync($"{List}/a%40example.com", Body);

        var (status, body) = await api.DeleteAsync($"{List}/a@example.com");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(1, (int)body!["removed"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"{List}/a%40example.com")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.DeleteAsync($"{List}/a@example.com")).Status);
    }

    [Fact]
    public async Task List_LimitAndDestination_AreKept()
    {
        await using var api = await AdminHarness.StartAsync();
        foreach (var number in Enumerable.Range(1, 5))
        {
            await api.PutAsync($"{List}/s{number}%40example.com", $$"""{"destination":"mta{{1 + (number % 2)}}"}""");
        }

        var (_, all) = await api.GetAsync(List);
        var (_, two) = await api.GetAsync($"{List}?limit=2");
        var (_, ofOne) = await api.GetAsync($"{List}?destination=MTA1");

        Assert.Equal(5, all!["entries"]!.AsArray().Count);
        Assert.False((bool)all["truncated"]!);
        Assert.Equal(2, two!["entries"]!.AsArray().Count);
        Assert.True((bool)two["truncated"]!);
        Assert.Equal(["s2@example.com", "s4@example.com"], ofOne!["entries"]!.AsArray().Select(e => (string?)e!["sender"]).Order());
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=many")]
    [InlineData("?destination=mta9")]
    public async Task List_BadQuery_BadRequest(string query)
    {
        await using var api = await AdminHarness.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await api.GetAsync(List + query)).Status);
    }

    [Theory]
    [InlineData("?destination=mta1", 1)]
    [InlineData("?all=true", 2)]
    public async Task DeleteAll_DestinationOrAll_RemovesThose(string query, int expected)
    {
        await using var api = await AdminHarness.StartAsync();
        await api.PutAsync($"{List}/a%40example.com", Body);
        await api.PutAsync($"{List}/b%40example.com", """{"destination":"mta2"}""");

        var (_, body) = await api.DeleteAsync(List + query);
        var (_, left) = await api.GetAsync(List);

        Assert.Equal(expected, (int)body!["removed"]!);
        Assert.Equal(2 - expected, left!["entries"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?all=false")]
    [InlineData("?all=true&destination=mta1")]
    [InlineData("?destination=mta9")]
    public async Task DeleteAll_UnclearWhatToRemove_BadRequest(string query)
    {
        await using var api = await AdminHarness.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await api.DeleteAsync(List + query)).Status);
    }
}
