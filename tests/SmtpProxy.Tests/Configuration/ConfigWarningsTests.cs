using Xunit;

namespace SmtpProxy.Tests.Configuration;

public sealed class ConfigWarningsTests : IDisposable
{
    private const string Hidden = "SmtpProxy:Clusters:pool:Connection:Identity: 'None' hides the clients: a server that trusts "
        + "the proxy's address becomes an open relay, and one that does not counts all clients as one (Postfix: 50 connections)";

    private const string Bound = "SmtpProxy:Clusters:pool:Destinations:mta1: PoolSize is 5, but ";

    private readonly ConfigSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Find_PlainConfiguration_OnlyTellsThatClientsAreHidden() =>
        Assert.Equal([Hidden], _sample.Parse(ConfigSample.Json).Warnings);

    [Theory]
    [InlineData("Ledger:Enabled", "true", "Ledger:Enabled: 'true' has no effect in this version")]
    [InlineData("Dns:Servers", "[\"127.0.0.1:53\"]", "Dns:Servers: '[\"127.0.0.1:53\"]' has no effect in this version")]
    [InlineData("Clusters:pool:Overflow:Soft", "5", "Clusters:pool:Overflow:Soft: '5' has no effect in this version")]
    [InlineData("Clusters:pool:Overflow:Hard", "5", "Clusters:pool:Overflow:Hard: '5' has no effect in this version")]
    [InlineData(
        "Clusters:pool:HealthCheck:Active:Enabled", "true",
        "Clusters:pool:HealthCheck:Active:Enabled: 'true' has no effect in this version")]
    [InlineData(
        "Clusters:pool:HealthCheck:Passive:Enabled", "true",
        "Clusters:pool:HealthCheck:Passive:Enabled: 'true' has no effect in this version")]
    [InlineData("Clusters:pool:Connection:ReplayLimit", "0", "Clusters:pool:Connection:ReplayLimit: '0' has no effect in this version")]
    [InlineData(
        "Clusters:pool:Destinations:mta1:Connection:ReplayLimit", "1",
        "Clusters:pool:Destinations:mta1:Connection:ReplayLimit: '1' has no effect in this version")]
    public void Find_ValueWithoutEffect_SaysSo(string key, string value, string warning)
    {
        var result = _sample.With(key, value);

        Assert.NotNull(result.Config);
        Assert.Equal([$"SmtpProxy:{warning}", Hidden], result.Warnings);
    }

    [Theory]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("::/0", true)]
    [InlineData("::ffff:0.0.0.0/96", true)]
    [InlineData("10.0.0.0/8", false)]
    public void Find_EverybodyIsTrusted_TellsThatClientsCanTakeAnyAddress(string network, bool isWarned)
    {
        var section = $$"""{ "Mode": "Required", "TrustedNetworks": ["{{network}}"] }""";
        var warnings = _sample.Parse(ConfigSample.Set(ConfigSample.Json, "Listeners:mx:ProxyProtocol", section)).Warnings;

        var expected = $"SmtpProxy:Listeners:mx:ProxyProtocol:TrustedNetworks: '{network}' is everybody: any client can take any address";
        Assert.Equal(isWarned, warnings.Contains(expected));
    }

    [Theory]
    [InlineData("None", 32, Hidden)]
    [InlineData("XForward", 5, null)]
    [InlineData("XClient", 32, null)]
    [InlineData("XClient", 0, null)]
    [InlineData("ProxyV2", 5, Bound + "a session ends with the client connection that its PROXY header names")]
    [InlineData("XClient", 5, Bound + "a session that was told of a client by XCLIENT is kept for that client alone")]
    public void Find_Identity_TellsWhomPooledSessionsServe(string identity, int poolSize, string? warning)
    {
        var result = _sample.With("Clusters:pool:Connection", $$"""{ "Identity": "{{identity}}", "PoolSize": {{poolSize}} }""");

        Assert.NotNull(result.Config);
        Assert.Equal(
            warning is null ? [] : [warning],
            result.Warnings.Select(static x => x.Replace("mta2", "mta1", StringComparison.Ordinal)).Distinct());
    }

    [Theory]
    [InlineData("Sockets", 2, true)]
    [InlineData("Sockets", 0, false)]
    [InlineData("Auto", 2, false)]
    public void Find_LoopsWithoutEpoll_TellsOfNoEffect(string transport, int loops, bool isWarned)
    {
        var json = ConfigSample.Set(ConfigSample.Set(ConfigSample.Json, "Transport", $"\"{transport}\""), "TransportLoops", $"{loops}");
        var result = _sample.Parse(json);

        Assert.Equal(loops, result.Config?.TransportLoops);
        Assert.Equal(isWarned, result.Warnings.Any(static x => x.StartsWith("SmtpProxy:TransportLoops has no effect", StringComparison.Ordinal)));
    }

    [Fact]
    public void Find_CredentialsInClear_TellsOnBothSides()
    {
        var near = ConfigSample.Set(ConfigSample.Json, "Clusters:pool:Destinations:mta2:Address", "\"127.0.0.1:2602\"");
        var open = ConfigSample.Set(near, "Listeners:mx:Auth", """{ "Mode": "Relay", "AllowWithoutTls": true }""");
        var far = ConfigSample.Set(open, "Clusters:pool:Destinations:mta1:Address", "\"mta1.example.com:25\"");

        Assert.Contains(_sample.Parse(open).Warnings, x => x.StartsWith("SmtpProxy:Listeners:mx:Auth:AllowWithoutTls: ", StringComparison.Ordinal));
        Assert.DoesNotContain(_sample.Parse(open).Warnings, static x => x.Contains(":Tls: ", StringComparison.Ordinal));
        Assert.Contains(_sample.Parse(far).Warnings, x => x.StartsWith("SmtpProxy:Clusters:pool:Destinations:mta1:Connection:Tls: ", StringComparison.Ordinal));
        var safe = ConfigSample.Set(far, "Clusters:pool:Connection:Tls", "\"Required\"");
        Assert.DoesNotContain(_sample.Parse(safe).Warnings, static x => x.Contains(":Tls: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Find_PasswordsTowardsAnOpportunisticServer_TellsThatTheyMayGoInClear()
    {
        var json = ConfigSample.Set(
            ConfigSample.Set(ConfigSample.Json, "Listeners:mx:Auth", """{ "Mode": "Relay" }"""), "Clusters:pool:Connection:Tls", "\"Opportunistic\"");

        Assert.Contains(
            "SmtpProxy:Clusters:pool:Destinations:mta2:Connection:Tls: with 'Opportunistic' passwords that the listener 'mx' relays can cross the network in clear",
            _sample.Parse(json).Warnings);
    }

    [Theory]
    [InlineData("Session", "XForward", "{}", true)]
    [InlineData("Session", "XForward", """{ "Listeners": ["MX"] }""", true)]
    [InlineData("Session", "XForward", """{ "Listeners": ["other"] }""", false)]
    [InlineData("Session", "XClient", "{}", false)]
    [InlineData("Transaction", "XForward", "{}", false)]
    public void Find_SessionModeTowardsXForward_TellsThatOneMessageIsForwarded(string mode, string identity, string match, bool isWarned)
    {
        var json = ConfigSample.Set(ConfigSample.Json, "Listeners:other", """{ "Address": "127.0.0.1:2526" }""");
        json = ConfigSample.Set(json, "Listeners:mx:RelayMode", $"\"{mode}\"");
        json = ConfigSample.Set(json, "Routes:default:Match", match);
        json = ConfigSample.Set(json, "Clusters:pool:Destinations:mta2:Connection:Identity", $"\"{identity}\"");
        var result = _sample.Parse(json);

        Assert.NotNull(result.Config);
        Assert.Equal(isWarned, result.Warnings.Any(static x => x.StartsWith("SmtpProxy:Listeners:mx:RelayMode: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Required", true)]
    [InlineData("Verify", false)]
    public void Find_AuthoritiesThatNobodyAsks_TellsOfNoEffect(string tls, bool isWarned)
    {
        _sample.Write("ca.pem", "x");
        var result = _sample.With("Clusters:pool:Connection", $$"""{ "Tls": "{{tls}}", "CaFile": "ca.pem" }""");

        Assert.NotNull(result.Config);
        Assert.Equal(isWarned, result.Warnings.Any(static x => x.Contains(": CaFile has no effect", StringComparison.Ordinal)));
    }

    [Fact]
    public void Find_SharedStoreWithoutHashKey_TellsOfThePlainHash()
    {
        _sample.Write("hash.key", "secret");
        const string Store = """{ "Type": "Etcd", "Etcd": { "Endpoints": ["http://127.0.0.1:2379"] } }""";

        var plain = ConfigSample.Set(ConfigSample.Json, "AffinityStore", Store);
        Assert.Contains(_sample.Parse(plain).Warnings, x => x.StartsWith("SmtpProxy:AffinityStore:HashKeyFile: ", StringComparison.Ordinal));
        var keyed = ConfigSample.Set(plain, "AffinityStore:HashKeyFile", "\"hash.key\"");
        Assert.Equal([Hidden], _sample.Parse(keyed).Warnings);
    }

    [Fact]
    public void Find_ConstraintThatNoDestinationFits_TellsThatMailIsDeferred()
    {
        var json = ConfigSample.Set(ConfigSample.Json, "Routes:default:Constraints", """{ "region": ["eu"] }""");

        Assert.Contains(
            _sample.Parse(json).Warnings, x => x.StartsWith("SmtpProxy:Routes:default:Constraints:region: ", StringComparison.Ordinal));
        var labelled = ConfigSample.Set(json, "Clusters:pool:Destinations:mta1:Labels", """{ "Region": "eu" }""");
        Assert.Equal([Hidden], _sample.Parse(labelled).Warnings);
    }
}
