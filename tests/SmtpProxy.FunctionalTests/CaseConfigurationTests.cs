using System.Net;
using System.Text.Json.Nodes;
using SmtpProxy.Configuration;
using SmtpProxy.TestKit;
using SmtpProxy.TestKit.Cases;
using Xunit;

namespace SmtpProxy.FunctionalTests;

public class CaseConfigurationTests
{
    [Fact]
    public void For_Case_NamesListenerServersAndAdmin()
    {
        var setup = For("""{ "backends": ["b1", "b2"] }""", out var root);

        Assert.Equal(setup.Listeners["mx"].ToString(), (string?)root["Listeners"]!["mx"]!["Address"]);
        Assert.Equal("proxy.example.com", (string?)root["Listeners"]!["mx"]!["Hostname"]);
        Assert.Equal($"http://{root["Admin"]!["Address"]}/", setup.Admin.ToString());
        Assert.Equal("127.0.0.1:2601", (string?)Pool(root)["Destinations"]!["b1"]!["Address"]);
        Assert.Equal("FirstAlphabetical", (string?)Pool(root)["LoadBalancingPolicy"]);
        Assert.False((bool?)Pool(root)["HealthCheck"]!["Active"]!["Enabled"]);
        Assert.Equal("Memory", (string?)root["AffinityStore"]!["Type"]);
    }

    [Theory]
    [InlineData("""{ "pool": true }""", "PoolSize", "8")]
    [InlineData("""{ }""", "PoolSize", "0")]
    [InlineData("""{ "backend_greeting_timeout_ms": 2000 }""", "GreetingTimeout", "00:00:02")]
    [InlineData("""{ "pool_max_age_s": 90 }""", "PoolMaxAge", "00:01:30")]
    [InlineData("""{ "replay_limit": 0 }""", "ReplayLimit", "0")]
    public void For_ConnectionSetting_IsSet(string config, string key, string value)
    {
        For(config, out var root);

        Assert.Equal(value, Pool(root)["Connection"]![key]!.ToString());
    }

    [Theory]
    [InlineData("""{ "shutdown_grace_ms": 8000 }""", "00:00:08")]
    [InlineData("""{ }""", "00:00:02")]
    public void For_ShutdownGrace_IsTheDrainTimeout(string config, string value)
    {
        For(config, out var root);

        Assert.Equal(value, (string?)root["Shutdown"]!["DrainTimeout"]);
    }

    [Theory]
    [InlineData("""{ "backend": "b1", "serve": "default" }""", "SIZE 10485760|8BITMIME|CHUNKING")]
    [InlineData("""{ "backend": "b1", "serve": "default", "caps": ["", "XEXCH50", "SIZE 1000", "PIPELINING"] }""", "SIZE 1000")]
    [InlineData("""{ "backend": "b1", "script": [{ "send": "220 x\\r\\n" }, { "expect": "^EHLO" }, { "send": "502 no\\r\\n" }] }""", "")]
    [InlineData("""{ "backend": "b1", "script": [{ "send": "250-x\\r\\n25" }, { "send": "0-SIZE 7\\r\\n250 8BITMIME\\r\\n" }] }""", "SIZE 7|8BITMIME")]
    [InlineData("""{ "backend": "b1", "script": [{ "send": "250-2.1.0 first\\r\\n250 550 is only text\\r\\n" }] }""", "")]
    public void For_Server_ListenerOffersWhatItOffersAndIsPassedOn(string server, string lines)
    {
        For("{ }", out var root, server);

        Assert.Equal(lines, string.Join('|', root["Listeners"]!["mx"]!["Capabilities"]!.AsArray().Select(line => (string?)line)));
    }

    [Fact]
    public void For_TwoServers_ListenerOffersWhatBothOffer()
    {
        For("{ }", out var root, """{ "backend": "b1", "serve": "default" }, { "backend": "b2", "serve": "default", "caps": ["8BITMIME", "size 2000", "DSN"] }""");

        Assert.Equal(["size 2000", "8BITMIME"], root["Listeners"]!["mx"]!["Capabilities"]!.AsArray().Select(line => (string?)line));
    }

    [Fact]
    public void For_EveryCase_IsAConfigurationThatTheProductTakes()
    {
        using var directory = new TempDirectory();
        using var authority = new TestAuthority();
        foreach (var played in CaseLibrary.All)
        {
            var servers = played.ServerNames.ToDictionary(name => name, _ => FreePorts.NextEndPoint());

            var result = ConfigLoader.Load(directory.Write("smtpproxy.json", CaseConfiguration.For(played, servers, authority).Configuration));

            Assert.Empty(result.Errors);
        }
    }

    private static ProxySetup For(string config, out JsonNode root, string server = """{ "backend": "b1", "serve": "default" }""")
    {
        var played = Assert.Single(CaseFile.Parse($$"""{ "id": "T", "title": "t", "config": {{config}}, "backend_script": [{{server}}] }"""));
        var servers = new Dictionary<string, IPEndPoint> { ["b1"] = new(IPAddress.Loopback, 2601), ["b2"] = new(IPAddress.Loopback, 2602) };
        var setup = CaseConfiguration.For(played, servers);
        root = JsonNode.Parse(setup.Configuration)!["SmtpProxy"]!;
        return setup;
    }

    private static JsonNode Pool(JsonNode root) => root["Clusters"]!["pool"]!;
}
