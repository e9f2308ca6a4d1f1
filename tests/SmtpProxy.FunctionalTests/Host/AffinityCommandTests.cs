using System.Text.Json.Nodes;
using SmtpProxy.Configuration;
using SmtpProxy.Management;
using SmtpProxy.TestKit;
using Xunit;

namespace SmtpProxy.FunctionalTests.Host;

public sealed class AffinityCommandTests
{
    [Fact]
    public async Task Status_Entry_AnswersInThreeLines()
    {
        await using var api = await StartAsync();
        await RunAsync(api, "move", "a@example.com", "mta2");

        var (code, output, _) = await RunAsync(api, "status", "a@example.com");

        Assert.Equal(0, code);
        Assert.Matches(
            @"^Current: mta2 \(expires \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\)\nHashed: mta1\nReason: pinned at \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\n$", output);
    }

    [Fact]
    public async Task Status_NoEntry_SaysSoAndExitsWith68()
    {
        await using var api = await StartAsync();

        var (code, output, _) = await RunAsync(api, "status", "a@example.com");

        Assert.Equal(68, code);
        Assert.Equal("Current: not assigned\nHashed: mta1\nReason: no entry\n", output);
    }

    [Fact]
    public async Task Status_Json_IsOneDocument()
    {
        await using var api = await StartAsync();
        await RunAsync(api, "move", "a/b@example.com", "mta2");

        var (_, output, _) = await RunAsync(api, "status", "a/b@example.com", "--output", "json");

        Assert.Equal("mta2", (string?)JsonNode.Parse(output)!["entry"]!["destination"]);
    }

    [Fact]
    public async Task Status_WithoutSender_ListsDestinations()
    {
        await using var api = await StartAsync();

        var (code, output, _) = await RunAsync(api, "status");

        Assert.Equal(0, code);
        Assert.StartsWith("CLUSTER  ENTRIES  DESTINATION  ADDRESS", output);
        Assert.Contains("pool     0        mta2         127.0.0.1:2602  active", output);
    }

    [Fact]
    public async Task Pin_Ttl_Counts()
    {
        await using var api = await StartAsync();

        var (code, output, _) = await RunAsync(api, "pin", "a@example.com", "mta1", "--ttl", "10m", "--output", "json");

        Assert.Equal(0, code);
        var entry = JsonNode.Parse(output)!;
        Assert.Equal(TimeSpan.FromMinutes(10), (DateTimeOffset)entry["expiresAt"]! - (DateTimeOffset)entry["assignedAt"]!);
    }

    [Fact]
    public async Task Pin_UnknownDestination_SaysWhichThereAre()
    {
        await using var api = await StartAsync();

        var (code, _, error) = await RunAsync(api, "pin", "a@example.com", "mta9");

        Assert.Equal(64, code);
        Assert.EndsWith("there are: mta1, mta2\n", error);
    }

    [Fact]
    public async Task Map_Entries_AreListed()
    {
        await using var api = await StartAsync();
        await RunAsync(api, "move", "b@example.com", "mta2");
        await RunAsync(api, "move", "a@example.com", "mta1");

        var (_, all, _) = await RunAsync(api, "map");
        var (_, ofOne, _) = await RunAsync(api, "map", "--destination", "mta2");
        var (_, one, _) = await RunAsync(api, "map", "--limit", "1");

        Assert.Matches(@"^SENDER +DESTINATION +REASON +EXPIRES\na@example.com +mta1 +pinned .*\nb@example.com +mta2 +pinned .*\n$", all);
        Assert.DoesNotContain("a@example.com", ofOne);
        Assert.EndsWith("(there are more; see --limit)\n", one);
    }

    [Fact]
    public async Task Flush_Sender_IsForgotten()
    {
        await using var api = await StartAsync();
        await RunAsync(api, "move", "a@example.com", "mta1");

        var (code, output, _) = await RunAsync(api, "flush", "a@example.com");
        var (again, _, error) = await RunAsync(api, "flush", "a@example.com");

        Assert.Equal(0, code);
        Assert.Equal("1 removed\n", output);
        Assert.Equal(68, again);
        Assert.Equal("smtpproxy: no entry of this sender\n", error);
    }

    [Theory]
    [InlineData("--all", "2 removed\n")]
    [InlineData("--destination=mta2", "1 removed\n")]
    public async Task Flush_Many_TellsTheNumber(string option, string expected)
    {
        await using var api = await StartAsync();
        await RunAsync(api, "move", "a@example.com", "mta1");
        await RunAsync(api, "move", "b@example.com", "mta2");

        Assert.Equal(expected, (await RunAsync(api, "flush", option)).Output);
    }

    [Fact]
    public async Task Any_SeveralClusters_OneMustBeNamed()
    {
        await using var api = await StartAsync(config => config with
        {
            Clusters = new Dictionary<string, ClusterConfig> { ["pool"] = AdminHarness.Cluster(), ["other"] = AdminHarness.Cluster() },
            Routes = new Dictionary<string, RouteConfig>
            {
                ["a"] = new() { ClusterId = "pool" },
                ["b"] = new() { ClusterId = "other", Match = new() { Listeners = ["mx"] } },
            },
        });

        var (code, _, error) = await RunAsync(api, "map");
        var (named, _, _) = await RunAsync(api, "map", "--cluster", "other");
        var (unknown, _, _) = await RunAsync(api, "status", "a@b", "--cluster", "third");

        Assert.Equal(64, code);
        Assert.Equal("smtpproxy: there are 2 clusters: name one with --cluster (other, pool)\n", error);
        Assert.Equal(0, named);
        Assert.Equal(68, unknown);
    }

    [Fact]
    public async Task Any_TokenNeeded_TakesItFromTheFile()
    {
        using var directory = new TempDirectory();
        var file = directory.Write("token", "secret\n");
        await using var api = await StartAsync(config => config with { Admin = new AdminConfig { Address = "127.0.0.1:8025", TokenFile = file } });

        var (without, _, _) = await RunAsync(api, "move", "a@b", "mta1");
        var (with, _, _) = await RunAsync(api, "move", "a@b", "mta1", "--token-file", file);

        Assert.Equal(77, without);
        Assert.Equal(0, with);
    }

    [Fact]
    public async Task Explain_Answer_IsShown()
    {
        await using var api = await StartAsync();

        var (code, output, _) = await CommandRun.RunAsync("explain", "--sender", "a@b", "--admin", api.Address.ToString());

        Assert.Equal(0, code);
        Assert.Equal("Route: default\nCluster: pool\nKey: a@b\nEntry: none\nHashed: mta1\nCandidates: mta1, mta2\n", output);
    }

    private static async Task<AdminHarness> StartAsync(Func<ProxyConfig, ProxyConfig>? change = null)
    {
        var api = await AdminHarness.StartAsync(change);
        api.Target.OnExplain = query => new ExplainResult("default", "pool", query.Sender, null, "mta1", ["mta1", "mta2"]);
        return api;
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(AdminHarness api, params string[] arguments) =>
        CommandRun.RunAsync(["affinity", .. arguments, "--admin", api.Address.Authority]);
}
