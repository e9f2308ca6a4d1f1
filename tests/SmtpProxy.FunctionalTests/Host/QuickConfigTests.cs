using SmtpProxy.Configuration;
using SmtpProxy.Host.Running;
using Xunit;

namespace SmtpProxy.FunctionalTests.Host;

public sealed class QuickConfigTests
{
    [Fact]
    public void Build_Backends_MakeOnePool()
    {
        var config = new QuickConfig { Listen = ["127.0.0.1:2525", "127.0.0.1:2526"], Backends = ["a.example:25", "b.example"] }.Build();

        Assert.Equal(["mx", "mx2"], config.Listeners.Keys.Order());
        Assert.Equal(["b1", "b2"], config.Clusters["pool"].Destinations.Keys.Order());
        Assert.Equal("b.example", config.Clusters["pool"].Destinations["b2"].Address);
        Assert.Equal(AffinityStoreType.Sqlite, config.AffinityStore.Type);
        Assert.Equal("smtpproxy.db", config.AffinityStore.Sqlite.Path);
        Assert.Null(config.Admin.Address);
        Assert.Empty(ConfigLoader.Validate(config).Errors);
    }

    [Fact]
    public void Build_Etcd_IsTheStore()
    {
        var config = new QuickConfig
        {
            Listen = ["127.0.0.1:2525"],
            Backends = ["127.0.0.1:2601"],
            Etcd = ["http://127.0.0.1:2379"],
            Admin = "127.0.0.1:8025",
            Hostname = "mx.example.com",
        }.Build();

        Assert.Equal(AffinityStoreType.Etcd, config.AffinityStore.Type);
        Assert.Equal(["http://127.0.0.1:2379"], config.AffinityStore.Etcd.Endpoints);
        Assert.Equal("mx.example.com", config.Listeners["mx"].Hostname);
        Assert.Empty(ConfigLoader.Validate(config).Errors);
    }
}
