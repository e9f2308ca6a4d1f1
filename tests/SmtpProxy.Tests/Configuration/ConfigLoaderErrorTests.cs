using SmtpProxy.Configuration;
using Xunit;

namespace SmtpProxy.Tests.Configuration;

public sealed class ConfigLoaderErrorTests : IDisposable
{
    private const string Server = "Clusters:pool:Destinations:mta1:Address";
    private const string ServerForms = "mta.example.com:25, 10.0.0.1:25, [2001:db8::1]:25; port 25 when left out";
    private const string Durations = "00:00:30, 30s, 5m, 1h, 500ms, 1d";

    private readonly ConfigSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Theory]
    // Unknown keys.
    [InlineData("Clusters:pool:Connection:PoolSizes", "5", "unknown key; did you mean 'PoolSize'?")]
    [InlineData("Clusters:pool:Connection:connecttimeuot", "'5s'", "unknown key; did you mean 'ConnectTimeout'?")]
    [InlineData("Clusters:pool:SesionAffinity", "{}", "unknown key; did you mean 'SessionAffinity'?")]
    [InlineData("Shutdown:Zebra", "1", "unknown key; allowed: DrainTimeout")]
    [InlineData(
        "BaseDirectory", "'/'",
        "unknown key; allowed: Listeners, Routes, Clusters, AffinityStore, Ledger, Dns, Shutdown, Admin, LogFormat, MaxQueuedLogLines, "
            + "MaxConcurrentHandshakes, ReservedDescriptors, Transport, TransportLoops, TransportReadBlock")]
    // Wrong types.
    [InlineData("Shutdown", "5", "5 is not a section; allowed: { … }")]
    [InlineData("Clusters:pool:Connection:PoolSize", "'many'", "'many' is not a number in range; allowed: 0 to 1000000")]
    [InlineData("Clusters:pool:Connection:PoolSize", "1.5", "1.5 is not a number in range; allowed: 0 to 1000000")]
    [InlineData("Clusters:pool:Connection:PoolSize", "99999999999", "99999999999 is not a number in range; allowed: 0 to 1000000")]
    [InlineData("Clusters:pool:Connection:PoolSize", "[1]", "[…] is not a number in range; allowed: 0 to 1000000")]
    [InlineData("Listeners:mx:Lenient", "'perhaps'", "'perhaps' is not a switch; allowed: true, false")]
    [InlineData("Listeners:mx:Lenient", "1", "1 is not a switch; allowed: true, false")]
    [InlineData("Listeners:mx:Hostname", "true", "true is not a host name; allowed: letters, digits, '-', '_' and '.', as mx.example.com")]
    [InlineData("Routes:default:Match:Senders", "'a@b'", "'a@b' is not a list; allowed: […] of user@example.de, <>")]
    [InlineData("Clusters:pool:Destinations:mta1:Labels", "'eu'", "'eu' is not a section; allowed: { … }")]
    [InlineData("LogFormat", "'Xml'", "'Xml' is not a known value; allowed: Postfix, Json")]
    [InlineData("LogFormat", "1", "1 is not a known value; allowed: Postfix, Json")]
    [InlineData("LogFormat", "'1'", "'1' is not a known value; allowed: Postfix, Json")]
    [InlineData("AffinityStore:HashKeyFile", "''", "'' is not a file; allowed: the path of a readable file that is not empty")]
    // Durations.
    [InlineData("Shutdown:DrainTimeout", "'5 parsecs'", "'5 parsecs' is not a duration; allowed: " + Durations)]
    [InlineData("Shutdown:DrainTimeout", "30", "30 is not a duration; allowed: " + Durations)]
    [InlineData("Shutdown:DrainTimeout", "'30'", "'30' is not a duration; allowed: " + Durations)]
    [InlineData("Shutdown:DrainTimeout", "'-5s'", "'-5s' is not a duration; allowed: " + Durations)]
    [InlineData("Shutdown:DrainTimeout", "'25d'", "'25d' is out of range; allowed: 0s to 24d")]
    [InlineData("Clusters:pool:Connection:ConnectTimeout", "'0s'", "'0s' is out of range; allowed: 1ms to 24d")]
    [InlineData("Clusters:pool:SessionAffinity:Ttl", "'10ms'", "'10ms' is out of range; allowed: 1s to 3650d")]
    // Ranges.
    [InlineData("Listeners:mx:Limits:MaxConnections", "0", "'0' is not a number in range; allowed: 1 to 1000000")]
    [InlineData("Listeners:mx:Limits:MaxCommandLine", "511", "'511' is not a number in range; allowed: 512 to 65536")]
    [InlineData("Clusters:pool:SessionAffinity:RerouteAfter", "0", "'0' is not a number in range; allowed: 1 to 1000")]
    [InlineData("Clusters:pool:Destinations:mta1:Weight", "-1", "'-1' is not a number in range; allowed: 0 to 1000")]
    [InlineData("Clusters:pool:Destinations:mta1:Connection:PoolSize", "-1", "'-1' is not a number in range; allowed: 0 to 1000000")]
    [InlineData("TransportLoops", "1025", "'1025' is not a number in range; allowed: 0 to 1024")]
    [InlineData("TransportLoops", "-1", "'-1' is not a number in range; allowed: 0 to 1024")]
    // Names of policies.
    [InlineData(
        "Clusters:pool:SessionAffinity:FailurePolicy", "'Return450'",
        "'Return450' is not a known name; allowed: Redistribute, Return451")]
    [InlineData("Clusters:pool:SessionAffinity:Normalizers", "{}", "{…} is not a list; allowed: […] of SubAddress, Verp, Batv, Srs")]
    [InlineData(
        "Clusters:pool:LoadBalancingPolicy", "'Random'",
        "'Random' is not a known name; allowed: BoundedRendezvous, FirstAlphabetical, LeastTransactions, PowerOfTwoChoices, RoundRobin")]
    // Texts.
    [InlineData(
        "Listeners:mx:Hostname", "'mx example'",
        "'mx example' is not a host name; allowed: letters, digits, '-', '_' and '.', as mx.example.com")]
    [InlineData(
        "Listeners:mx:Hostname", "'a\\r\\nb'",
        "'a??b' is not a host name; allowed: letters, digits, '-', '_' and '.', as mx.example.com")]
    [InlineData(
        "Listeners:mx:Address", "'mx.example.com:25'",
        "'mx.example.com:25' is not a listen address; allowed: 127.0.0.1:25, [::1]:25, *:25, localhost:25")]
    [InlineData("Listeners:mx:Address", "''", "is required; allowed: 127.0.0.1:25, [::1]:25, *:25, localhost:25")]
    [InlineData("Listeners:mx:Address", "null", "is required; allowed: 127.0.0.1:25, [::1]:25, *:25, localhost:25")]
    [InlineData(Server, "'10.0.0.256:25'", "'10.0.0.256:25' is not a server address; allowed: " + ServerForms)]
    [InlineData(Server, "'mta1:smtp'", "'mta1:smtp' is not a server address; allowed: " + ServerForms)]
    [InlineData(Server, "'mta1:0'", "'mta1:0' is not a server address; allowed: " + ServerForms)]
    [InlineData(Server, "'::1:25'", "'::1:25' is not a server address; allowed: " + ServerForms)]
    [InlineData(Server, "''", "is required; allowed: " + ServerForms)]
    [InlineData(
        "AffinityStore:Etcd:Prefix", "'smtp/'",
        "'smtp/' is not a prefix; allowed: /smtpproxy/v1: it begins with '/' and does not end with one")]
    // Files.
    [InlineData(
        "AffinityStore:HashKeyFile", "'empty'",
        "'{folder}/empty' is empty; allowed: the path of a readable file that is not empty")]
    [InlineData(
        "AffinityStore:HashKeyFile", "'none.key'",
        "'{folder}/none.key' does not exist; allowed: the path of a readable file that is not empty")]
    [InlineData("Admin:TokenFile", "'.'", "'{folder}' cannot be read; allowed: the path of a readable file that is not empty")]
    [InlineData("AffinityStore:Sqlite:Path", "'.'", "'{folder}' is a directory; allowed: a path")]
    // Features that this version does not have.
    [InlineData("Listeners:mx:Tls:RequireTls", "true", "nobody could send mail; allowed with Mode StartTls or Implicit")]
    [InlineData(
        "Clusters:pool:SessionAffinity:Policy", "'SenderOrganizationalDomain'",
        "'SenderOrganizationalDomain' is not available in this version; allowed: "
            + "SenderAddress, SenderDomain, ClientNetwork, AuthenticatedUser, HeloName")]
    public void Parse_BadValue_NamesTheKeyAndWhatIsAllowed(string key, string value, string message)
    {
        _sample.Write("empty", string.Empty);

        var result = _sample.With(key, value.Replace('\'', '"'));

        ConfigSample.AssertErrors(result, $"SmtpProxy:{key}: {message.Replace("{folder}", _sample.Folder, StringComparison.Ordinal)}");
    }

    [Theory]
    [InlineData("Routes:default:Match:SenderDomains", "a..b", "'a..b' is not a domain pattern; allowed: example.de, *.example.de")]
    [InlineData(
        "Routes:default:Match:SenderDomains", "exa*mple.de",
        "'exa*mple.de' is not a domain pattern; allowed: example.de, *.example.de")]
    [InlineData("Routes:default:Match:Senders", "nobody", "'nobody' is not a sender; allowed: user@example.de, <>")]
    [InlineData(
        "Routes:default:Match:ClientNetworks", "10.0.0.0/33",
        "'10.0.0.0/33' is not a network; allowed: 10.0.0.0/8, 2001:db8::/32, 127.0.0.1")]
    [InlineData(
        "Routes:default:Match:ClientNetworks", "10.0/8",
        "'10.0/8' is not a network; allowed: 10.0.0.0/8, 2001:db8::/32, 127.0.0.1")]
    [InlineData("Clusters:pool:SessionAffinity:CountCodes", "5.7.1", "'5.7.1' is not a transient enhanced code; allowed: 4.7.1")]
    [InlineData("Clusters:pool:SessionAffinity:Normalizers", "Vrep", "'Vrep' is not a known name; allowed: SubAddress, Verp, Batv, Srs")]
    [InlineData("Dns:Servers", "dns.example.com:53", "'dns.example.com:53' is not a name server; allowed: 127.0.0.1:53, [::1]:53")]
    [InlineData(
        "AffinityStore:Etcd:Endpoints", "127.0.0.1:2379",
        "'127.0.0.1:2379' is not a URL; allowed: http://127.0.0.1:2379, https://etcd.example.com:2379")]
    [InlineData(
        "AffinityStore:Etcd:Endpoints", "http://user@etcd:2379",
        "'http://user@etcd:2379' is not a URL; allowed: http://127.0.0.1:2379, https://etcd.example.com:2379")]
    [InlineData(
        "Listeners:mx:Capabilities", "XCLIENT NAME",
        "'XCLIENT NAME' is not a capability; allowed: a line that begins with one of PIPELINING, ENHANCEDSTATUSCODES, SIZE, 8BITMIME, "
            + "SMTPUTF8, DSN, CHUNKING, BINARYMIME, DELIVERBY, MT-PRIORITY, REQUIRETLS, AUTH")]
    public void Parse_BadListEntry_NamesItsPosition(string key, string entry, string message)
    {
        var result = _sample.With(key, $"[\"{entry}\"]");

        ConfigSample.AssertErrors(result, $"SmtpProxy:{key}:0: {message}");
    }

    [Fact]
    public void Parse_ListEntryOfWrongType_NamesItsPosition() => ConfigSample.AssertErrors(
        _sample.With("Routes:default:Match:Senders", "[\"a@example.de\", 5]"),
        "SmtpProxy:Routes:default:Match:Senders:1: 5 is not a sender; allowed: user@example.de, <>");

    [Fact]
    public void Parse_SameKeyTwice_IsAnError() => ConfigSample.AssertErrors(
        _sample.Parse(ConfigSample.Json.Replace("\"Routes\"", "\"Shutdown\": {}, \"shutdown\": {}, \"Routes\"", StringComparison.Ordinal)),
        "SmtpProxy:shutdown: is given twice; upper and lower case are the same");

    [Theory]
    [InlineData("{ \"SmtpProxi\": {} }", "SmtpProxi: unknown key; did you mean 'SmtpProxy'?")]
    [InlineData("{}", "SmtpProxy: the section is missing")]
    [InlineData("[]", "[…] is not a section; allowed: { … }")]
    public void Parse_NoSection_SaysSoFirst(string json, string error) => Assert.Equal(error, _sample.Parse(json).Errors[0].ToString());

    [Fact]
    public void Parse_InvalidJson_GivesTheLine()
    {
        var error = Assert.Single(_sample.Parse("{\n  \"SmtpProxy\": {\n    oops\n").Errors);

        Assert.StartsWith("invalid JSON at line 3, byte 5: ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_InvalidJson_GivesFileAndLine()
    {
        var path = _sample.Write("bad.json", "{\n]");

        var error = Assert.Single(ConfigLoader.Load(path).Errors).ToString();
        Assert.StartsWith($"{path}: invalid JSON at line 2, byte 1: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFile_IsOneError()
    {
        var path = Path.Combine(_sample.Folder, "none", "smtpproxy.json");

        ConfigSample.AssertErrors(ConfigLoader.Load(path), $"{path}: the file does not exist");
    }

    [Fact]
    public void Load_Directory_IsOneError() => Assert.StartsWith(
        $"{_sample.Folder}: the file cannot be read: ",
        Assert.Single(ConfigLoader.Load(_sample.Folder).Errors).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Parse_SeveralErrors_ReportsAllAtOnce()
    {
        var json = ConfigSample.Set(ConfigSample.Json, "Listeners:mx:Tls:Mode", "\"Implicit\"");
        json = ConfigSample.Set(json, "Clusters:pool:Connection:PoolSize", "\"x\"");
        json = ConfigSample.Set(json, "Clusters:pool:Connection:PoolIdel", "\"5m\"");
        json = ConfigSample.Set(json, "Routes:default:ClusterId", "\"pol\"");
        json = ConfigSample.Set(json, "Clusters:pool:Destinations:mta2:Weight", "1001");

        ConfigSample.AssertErrors(
            _sample.Parse(json),
            "SmtpProxy:Clusters:pool:Connection:PoolIdel: unknown key; did you mean 'PoolIdle'?",
            "SmtpProxy:Clusters:pool:Connection:PoolSize: 'x' is not a number in range; allowed: 0 to 1000000",
            "SmtpProxy:Clusters:pool:Destinations:mta2:Weight: '1001' is not a number in range; allowed: 0 to 1000",
            "SmtpProxy:Listeners:mx:Tls:Certificate: is required for TLS; allowed: a PEM file",
            "SmtpProxy:Routes:default:ClusterId: there is no cluster 'pol'; did you mean 'pool'?");
    }
}
