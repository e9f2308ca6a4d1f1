using Xunit;

namespace SmtpProxy.Tests.Configuration.Rules;

public sealed class CrossCheckTests : IDisposable
{
    private readonly ConfigSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Theory]
    [InlineData("Listeners", "{}", "Listeners: at least one listener is needed")]
    [InlineData("Clusters:pool:Destinations", "{}", "Clusters:pool:Destinations: at least one destination is needed")]
    [InlineData(
        "Clusters:pool:Destinations", "{'a':{'Address':'a','Weight':0},'b':{'Address':'b','Weight':0}}",
        "Clusters:pool:Destinations: every destination has the weight 0; at least one needs more")]
    [InlineData(
        "Listeners:sub", "{'Address':'*:2525','Hostname':'x'}",
        "Listeners:sub:Address: '*:2525' is taken by listener 'mx'; each needs an address of its own")]
    [InlineData(
        "Listeners:sub", "{'Address':'localhost:2525'}",
        "Listeners:sub:Address: 'localhost:2525' is taken by listener 'mx'; each needs an address of its own")]
    [InlineData(
        "Admin", "{'Address':'127.0.0.1:2525'}",
        "Admin:Address: '127.0.0.1:2525' is taken by listener 'mx'; each needs an address of its own")]
    [InlineData(
        "Admin", "{'Address':'0.0.0.0:8025'}",
        "Admin:TokenFile: is required because the address '0.0.0.0:8025' is not loopback; "
            + "allowed: a file with the token, or a loopback address")]
    [InlineData("Routes:default:ClusterId", "'other'", "Routes:default:ClusterId: there is no cluster 'other'; allowed: pool")]
    [InlineData(
        "Routes:default:Match", "{'Listeners':['nx']}",
        "Routes:default:Match:Listeners: there is no listener 'nx'; did you mean 'mx'?")]
    [InlineData(
        "Routes:default:Constraints", "{'region':[]}",
        "Routes:default:Constraints:region: at least one value is needed: no destination could fit")]
    [InlineData(
        "Clusters:pool:Destinations:mta1:Address", "'127.0.0.1:2525'",
        "Clusters:pool:Destinations:mta1:Address: '127.0.0.1:2525' is the listener 'mx' of this proxy: a mail loop")]
    [InlineData(
        "Clusters:pool:Destinations:mta1:Address", "'localhost:2525'",
        "Clusters:pool:Destinations:mta1:Address: 'localhost:2525' is the listener 'mx' of this proxy: a mail loop")]
    [InlineData(
        "Clusters:pool:Connection", "{'MinPoolSize':33}", "Clusters:pool:Connection:MinPoolSize: 33 is above PoolSize; allowed: 0 to 32")]
    [InlineData(
        "Clusters:pool:Connection", "{'MinPoolSize':5,'MaxConnections':4}",
        "Clusters:pool:Connection:MinPoolSize: 5 is above MaxConnections; allowed: 0 to 4")]
    [InlineData(
        "Clusters:pool:Destinations:mta1:Connection", "{'MinPoolSize':4,'PoolSize':3}",
        "Clusters:pool:Destinations:mta1:Connection:MinPoolSize: 4 is above PoolSize; allowed: 0 to 3")]
    [InlineData("Clusters:pool:Overflow", "{'Soft':10,'Hard':5}", "Clusters:pool:Overflow:Soft: 10 is above Hard; allowed: 1 to 5")]
    [InlineData(
        "Clusters:pool:HealthCheck:Active", "{'Depth':'Rcpt'}",
        "Clusters:pool:HealthCheck:Active:RcptTo: is required for the depth Rcpt; allowed: a mail address")]
    [InlineData(
        "AffinityStore", "{'Type':'Etcd'}",
        "AffinityStore:Etcd:Endpoints: at least one is needed for the store Etcd; allowed: http://127.0.0.1:2379")]
    [InlineData("AffinityStore:Etcd", "{'Username':'me'}", "AffinityStore:Etcd:PasswordFile: is required because Username is given")]
    [InlineData("AffinityStore:Etcd", "{'KeyFile':'key'}", "AffinityStore:Etcd:CertFile: is required because KeyFile is given")]
    [InlineData(
        "Clusters:pool:Destinations:a b", "{'Address':'a'}",
        "Clusters:pool:Destinations:a b: 'a b' is not a name; allowed: up to 64 letters, digits, '.', '-' and '_'")]
    [InlineData(
        "Routes:x/y", "{'ClusterId':'pool'}",
        "Routes:x/y: 'x/y' is not a name; allowed: up to 64 letters, digits, '.', '-' and '_'")]
    public void Parse_PartsThatDoNotFit_IsOneError(string key, string value, string error)
    {
        _sample.Write("key", "secret");

        ConfigSample.AssertErrors(_sample.With(key, value.Replace('\'', '"')), $"SmtpProxy:{error}");
    }

    [Fact]
    public void Parse_NoCluster_SaysSoBesideTheRouteThatNamesIt() => ConfigSample.AssertErrors(
        _sample.With("Clusters", "{}"),
        "SmtpProxy:Routes:default:ClusterId: there is no cluster 'pool'; allowed: ",
        "SmtpProxy:Clusters: at least one cluster is needed");

    [Fact]
    public void Parse_SeveralClustersWithoutRoutes_IsAnError()
    {
        var json = ConfigSample.Set(ConfigSample.Json, "Routes", "{}");

        ConfigSample.AssertErrors(
            _sample.Parse(ConfigSample.Set(json, "Clusters:vetted", """{ "Destinations": { "a": { "Address": "a" } } }""")),
            "SmtpProxy:Routes: at least one route is needed when there are several clusters");
    }

    [Fact]
    public void Parse_TrustedNetworksMissing_IsAnError() => ConfigSample.AssertErrors(
        _sample.With("Listeners:mx:ProxyProtocol:Mode", "\"Required\""),
        "SmtpProxy:Listeners:mx:ProxyProtocol:TrustedNetworks: at least one network is needed: headers of anyone else are not believed");

    [Theory]
    [InlineData("127.0.0.1:2526")]
    [InlineData("[::1]:2525")]
    [InlineData("127.0.0.2:2525")]
    public void Parse_ListenersWithAddressesOfTheirOwn_AreFine(string address) =>
        Assert.Empty(_sample.With("Listeners:sub", $$"""{ "Address": "{{address}}" }""").Errors);

    [Fact]
    public void Parse_AdminOnOtherAddressWithToken_IsFine()
    {
        _sample.Write("token", "secret");

        Assert.Empty(_sample.With("Admin", """{ "Address": "0.0.0.0:8025", "TokenFile": "token" }""").Errors);
    }
}
