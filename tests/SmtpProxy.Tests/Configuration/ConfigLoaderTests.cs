using SmtpProxy.Configuration;
using Xunit;

namespace SmtpProxy.Tests.Configuration;

public sealed class ConfigLoaderTests : IDisposable
{
    private readonly ConfigSample _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Load_WholeContract_EachValueArrives()
    {
        _sample.Write("hash.key", "secret");
        _sample.Write("etcd.password", "secret");
        _sample.Write("token", "secret");
        var path = _sample.Write("smtpproxy.json", ContractSample.Json);

        var result = ConfigLoader.Load(path);

        Assert.Empty(result.Errors);
        ContractSample.AssertBound(result.Config!, _sample.Folder);
    }

    [Fact]
    public void Parse_OnlyWhatIsRequired_RestIsDefault()
    {
        var config = _sample.Parse("""
            { "SmtpProxy": {
                "Listeners": { "mx": { "Address": "127.0.0.1:0" } },
                "Clusters": { "pool": { "Destinations": { "mta1": { "Address": "mta1" } } } } } }
            """).Config!;

        var cluster = config.Clusters["pool"];
        Assert.Equal(new ConnectionConfig(), cluster.Connection);
        Assert.Equal(new ConnectionConfig(), cluster.Connection.Effective(cluster.Destinations["mta1"].Connection));
        Assert.Equal(new LimitsConfig(), config.Listeners["mx"].Limits);
        Assert.Equal(new SessionAffinityConfig(), cluster.SessionAffinity);
        Assert.Equal(AffinityStoreType.Memory, config.AffinityStore.Type);
        Assert.Equal(TimeSpan.FromSeconds(30), config.Shutdown.DrainTimeout);
        Assert.Null(config.Admin.Address);
        Assert.False(cluster.HealthCheck.Active.Enabled);
        Assert.False(config.Ledger.Enabled);
    }

    [Fact]
    public void Parse_SingleClusterWithoutRoutes_MakesTheDefaultRoute()
    {
        var config = _sample.Parse(ConfigSample.Set(ConfigSample.Json, "Routes", "null")).Config!;

        Assert.Equal("pool", Assert.Single(config.Routes).Value.ClusterId);
    }

    [Fact]
    public void Parse_KeysInAnyCase_Bind()
    {
        var config = _sample.Parse(ConfigSample.Json.Replace("\"Clusters\"", "\"CLUSTERS\"", StringComparison.Ordinal)
            .Replace("\"Address\"", "\"address\"", StringComparison.Ordinal)).Config!;

        Assert.Equal("127.0.0.1:2601", config.Clusters["POOL"].Destinations["MTA1"].Address);
    }

    [Fact]
    public void Parse_CommentsTrailingCommasAndByteOrderMark_AreTaken()
    {
        var json = "\uFEFF// front\n" + ConfigSample.Json.Replace(
            "\"mx.example.com\"", "\"mx.example.com\", /* here */", StringComparison.Ordinal);

        Assert.Equal("mx.example.com", _sample.Parse(json).Config!.Listeners["mx"].Hostname);
    }

    [Fact]
    public void Parse_NumbersAndSwitchesAsTexts_AreTaken()
    {
        var json = ConfigSample.Set(ConfigSample.Json, "Listeners:mx:Limits:MaxErrors", "\"7\"");
        var listener = _sample.Parse(ConfigSample.Set(json, "Listeners:mx:Lenient", "\"False\"")).Config!.Listeners["mx"];

        Assert.Equal(7, listener.Limits.MaxErrors);
        Assert.False(listener.Lenient);
    }

    [Fact]
    public void Parse_NoSqlitePath_IsBesideTheConfigurationFile() =>
        Assert.Equal(Path.Combine(_sample.Folder, "smtpproxy.db"), _sample.Parse(ConfigSample.Json).Config!.AffinityStore.Sqlite.Path);

    [Fact]
    public void Validate_ConfigMadeByCode_ChecksIt()
    {
        var config = _sample.Parse(ConfigSample.Json).Config!;
        var broken = config with { Shutdown = new ShutdownConfig { DrainTimeout = TimeSpan.FromSeconds(-1) } };

        Assert.Same(config, ConfigLoader.Validate(config).Config);
        Assert.Equal("SmtpProxy:Shutdown:DrainTimeout", Assert.Single(ConfigLoader.Validate(broken).Errors).Key);
    }

    [Fact]
    public void Effective_Overrides_WinOneByOne()
    {
        var overrides = new ConnectionOverrides { PoolSize = 0, Identity = IdentityMode.XClient, QueueTimeout = TimeSpan.Zero };

        Assert.Equal(
            new ConnectionConfig { MaxAttempts = 5, PoolSize = 0, Identity = IdentityMode.XClient, QueueTimeout = TimeSpan.Zero },
            new ConnectionConfig { MaxAttempts = 5 }.Effective(overrides));
    }
}
