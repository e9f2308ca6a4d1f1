using System.Collections.Frozen;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Routing;
using Xunit;

namespace SmtpProxy.Tests.Routing;

public sealed class RouteTableTests
{
    [Theory]
    [InlineData("example.de", "a@example.de", true)]
    [InlineData("example.de", "a@EXAMPLE.DE", true)]
    [InlineData("Example.de", "a@example.de", true)]
    [InlineData("example.de", "a@mail.example.de", false)]
    [InlineData("example.de", "a@notexample.de", false)]
    [InlineData("*.example.de", "a@mail.example.de", true)]
    [InlineData("*.example.de", "a@x.Mail.Example.DE", true)]
    [InlineData("*.example.de", "a@example.de", false)]
    [InlineData("*.example.de", "a@.example.de", false)]
    [InlineData("*.example.de", "a@notexample.de", false)]
    [InlineData("*.de", "a@example.de", true)]
    [InlineData("example.de", "\"x@example.de\"@other.com", false)]
    [InlineData("example.de", "postmaster", false)]
    [InlineData("example.de", "", false)]
    public void Match_SenderDomain(string domain, string sender, bool fits) =>
        Check(new RouteMatchConfig { SenderDomains = [domain] }, Envelopes.From(sender), fits);

    [Theory]
    [InlineData("boss@example.de", "boss@example.de", true)]
    [InlineData("boss@example.de", "BOSS@Example.DE", true)]
    [InlineData("boss@example.de", "boss2@example.de", false)]
    [InlineData("boss@example.de", "", false)]
    [InlineData("<>", "", true)]
    [InlineData("<>", "boss@example.de", false)]
    [InlineData("postmaster", "postmaster", true)]
    public void Match_Sender(string address, string sender, bool fits) =>
        Check(new RouteMatchConfig { Senders = [address] }, Envelopes.From(sender), fits);

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "11.1.2.3", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8::/32", "2001:db8::1", true)]
    [InlineData("2001:db8::1", "2001:db8::2", false)]
    [InlineData("::/0", "10.1.2.3", false)]
    public void Match_ClientNetwork(string network, string client, bool fits) =>
        Check(new RouteMatchConfig { ClientNetworks = [network] }, Envelopes.From("a@b.c", client), fits);

    [Theory]
    [InlineData("mx", true)]
    [InlineData("MX", true)]
    [InlineData("submission", false)]
    public void Match_Listener(string listener, bool fits) =>
        Check(new RouteMatchConfig { Listeners = ["mx"] }, Envelopes.From("a@b.c", listener: listener), fits);

    [Theory]
    [InlineData("a@example.de", "10.0.0.1", true)]
    [InlineData("a@example.de", "11.0.0.1", false)]
    [InlineData("a@example.com", "10.0.0.1", false)]
    [InlineData("b@mail.example.de", "192.0.2.9", true)]
    public void Match_SeveralCriteria_MustAllFit(string sender, string client, bool fits)
    {
        var match = new RouteMatchConfig { SenderDomains = ["example.de", "*.example.de"], ClientNetworks = ["10.0.0.0/8", "192.0.2.9"] };

        Check(match, Envelopes.From(sender, client), fits);
    }

    [Theory]
    [InlineData("boss@example.de", true)]
    [InlineData("boss@example.com", false)]
    [InlineData("other@example.de", false)]
    public void Match_SenderAndDomain_MustBothFit(string sender, bool fits)
    {
        var match = new RouteMatchConfig { Senders = ["boss@example.de", "boss@example.com"], SenderDomains = ["example.de"] };

        Check(match, Envelopes.From(sender), fits);
    }

    [Theory]
    [InlineData("boss@a.example.de", "boss")]
    [InlineData("x@a.example.de", "sub")]
    [InlineData("x@example.de", "domain")]
    [InlineData("x@other.example", "rest-a")]
    [InlineData("", "rest-a")]
    public void Match_SeveralFit_TakesTheFirstByOrderThenName(string sender, string expected)
    {
        var table = Build(
            ("rest-b", new RouteConfig { ClusterId = "pool", Order = 9 }),
            ("domain", new RouteConfig { ClusterId = "pool", Order = 3, Match = new() { SenderDomains = ["example.de", "*.example.de"] } }),
            ("Rest-a", new RouteConfig { ClusterId = "pool", Order = 9 }),
            ("sub", new RouteConfig { ClusterId = "pool", Order = 2, Match = new() { SenderDomains = ["*.a.example.de", "a.example.de"] } }),
            ("boss", new RouteConfig { ClusterId = "pool", Order = -1, Match = new() { Senders = ["boss@a.example.de"] } }));

        Assert.Equal(expected, table.Match(Envelopes.From(sender))?.Route.Name, ignoreCase: true);
    }

    [Fact]
    public void Match_EarlierGeneralRoute_BeatsLaterSpecific()
    {
        var table = Build(
            ("all", new RouteConfig { ClusterId = "pool", Order = 1 }),
            ("one", new RouteConfig { ClusterId = "pool", Order = 2, Match = new() { Senders = ["a@example.de"] } }));

        Assert.Equal("all", table.Match(Envelopes.From("a@example.de"))?.Route.Name);
    }

    [Fact]
    public void Match_ManyRoutes_AgreesWithTryingAllInOrder()
    {
        var random = new Random(3);
        string[] names = ["a", "b", "c"];
        var domains = names.SelectMany(x => names.Select(y => $"{x}.{y}.example")).Concat(names.Select(x => $"{x}.example")).ToArray();
        var routes = Enumerable.Range(0, 200).Select(i => ($"r{i:000}", new RouteConfig
        {
            ClusterId = "pool",
            Order = random.Next(20),
            Match = new RouteMatchConfig
            {
                SenderDomains = random.Next(2) == 0 ? [] : [Pick(domains), "*." + Pick(domains)],
                Senders = random.Next(3) > 0 ? [] : ["u@" + Pick(domains)],
                ClientNetworks = random.Next(40) > 0 ? ["192.0.2.7"] : [],
            },
        })).ToArray();
        var table = Build(routes);
        foreach (var domain in domains)
        {
            var envelope = Envelopes.From("u@" + domain, random.Next(2) == 0 ? "192.0.2.7" : "192.0.2.8");

            var expected = table.Routes.FirstOrDefault(r => new RouteMatcher(r.Config.Match).Fits(envelope));

            Assert.Same(expected, table.Match(envelope)?.Route);
        }

        string Pick(string[] from) => from[random.Next(from.Length)];
    }

    [Fact]
    public void Match_Route_CarriesClusterAndKey()
    {
        var match = Build(("all", new RouteConfig { ClusterId = "POOL" })).Match(Envelopes.From("User+tag@EXAMPLE.de"));

        Assert.Equal("pool", match?.Route.Cluster.Id);
        Assert.Same(match?.Route.Cluster.Model, match?.Cluster);
        Assert.Equal("User@example.de", match?.Key.Value);
    }

    [Fact]
    public void ClustersOf_Listener_GivesThoseItsRoutesLeadTo()
    {
        var config = Config(
            ("in", new RouteConfig { ClusterId = "pool", Match = new() { Listeners = ["mx"] } }),
            ("in2", new RouteConfig { ClusterId = "pool", Order = 1 }),
            ("out", new RouteConfig { ClusterId = "other", Match = new() { Listeners = ["submission"] } }));
        var table = BuiltIn.RouteTables.Build(config, States(config));

        Assert.Equal(["pool"], table.ClustersOf("MX").Select(c => c.Id));
        Assert.Equal(["other", "pool"], table.ClustersOf("submission").Select(c => c.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Build_NoRoutesOneCluster_RoutesEverythingThere()
    {
        var config = new ProxyConfig { Clusters = new Dictionary<string, ClusterConfig> { ["only"] = new() } };

        Assert.Equal("only", BuiltIn.RouteTables.Build(config, States(config)).Match(Envelopes.From(""))?.Route.Cluster.Id);
    }

    [Fact]
    public void Build_UnknownCluster_Throws() =>
        Assert.Throws<InvalidOperationException>(() => Build(("r", new RouteConfig { ClusterId = "nowhere" })));

    private static void Check(RouteMatchConfig match, Envelope envelope, bool fits)
    {
        var table = Build(("r", new RouteConfig { ClusterId = "pool", Match = match }));

        Assert.Equal(fits, table.Match(envelope) is not null);
    }

    private static RouteTable Build(params (string Name, RouteConfig Config)[] routes)
    {
        var config = Config(routes);
        return BuiltIn.RouteTables.Build(config, States(config));
    }

    private static ProxyConfig Config(params (string Name, RouteConfig Config)[] routes) => new()
    {
        Routes = routes.ToDictionary(r => r.Name, r => r.Config),
        Clusters = new Dictionary<string, ClusterConfig>(StringComparer.OrdinalIgnoreCase) { ["pool"] = new(), ["other"] = new() },
    };

    private static FrozenDictionary<string, ClusterState> States(ProxyConfig config) => config.Clusters.ToFrozenDictionary(
        c => c.Key, c => new ClusterState(c.Key, new ClusterModel(c.Value, [])), StringComparer.OrdinalIgnoreCase);
}
