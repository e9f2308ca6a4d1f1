using SmtpProxy.Configuration;
using Xunit;

namespace SmtpProxy.Tests.Configuration;

/// <summary>A configuration that sets every section of the contract, with other values than the defaults where there are any.</summary>
internal static class ContractSample
{
    public const string Json = """
        { "SmtpProxy": {
          "Listeners": { "mx": {
            "Address": "127.0.0.1:2525", "Hostname": "mx.example.com", "RelayMode": "Transaction", "Lenient": false,
            "Tls": { "Mode": "None", "RequireTls": false },
            "ProxyProtocol": { "Mode": "Off", "TrustedNetworks": ["127.0.0.0/8"] },
            "Auth": { "Mode": "Off", "AllowWithoutTls": false },
            "Capabilities": ["SIZE 10240000", "8BITMIME"], "BareNewline": "Reject", "RejectEarlyTalkers": true, "GreetingDelay": "2s",
            "CommandTimeout": "1m", "BodyTimeout": "00:02:00",
            "Limits": { "MaxConnections": 1, "MaxConnectionsPerClient": 2, "MaxErrors": 3, "MaxCommandLine": 4096, "MaxRecipients": 5,
              "MaxPipelinedCommands": 6 } } },
          "Routes": {
            "eu": { "Order": 1, "ClusterId": "pool", "Constraints": { "region": ["eu"] },
              "Match": { "SenderDomains": ["*.example.de"], "Senders": ["<>"], "ClientNetworks": ["10.0.0.1"], "Listeners": ["mx"] } },
            "default": { "ClusterId": "pool" } },
          "Clusters": { "pool": {
            "LoadBalancingPolicy": "roundrobin",
            "SessionAffinity": { "Enabled": false, "Policy": "SenderDomain", "FailurePolicy": "Return451", "Ttl": "00:31:00",
              "Sliding": false,
              "RerouteAfter": 4, "FailureWindow": "00:11:00", "AvoidFor": "00:16:00", "FoldLocalPart": true,
              "NullSenderKey": "SenderAddress",
              "CountCodes": ["4.7.1"], "Normalizers": ["Srs"] },
            "HealthCheck": { "Active": { "Enabled": true, "Interval": "00:00:11", "Timeout": "16s", "Fall": 4, "Rise": 5, "Depth": "Rcpt",
              "MailFrom": "probe@example.com", "RcptTo": "to@example.com", "Port": 26 }, "Passive": { "Enabled": true } },
            "Connection": { "Identity": "None", "Tls": "None", "ConnectTimeout": "00:00:06", "GreetingTimeout": "00:01:01",
              "CommandTimeout": "6m", "DataTimeout": "3m", "BodyTimeout": "4m", "FinalReplyTimeout": "11m", "MaxConnections": 101,
              "QueueTimeout": "00:00:31", "PoolSize": 33, "PoolIdle": "00:00:32", "PoolMaxAge": "00:10:01", "MaxTransactions": 102,
              "ReplayLimit": 0, "MaxAttempts": 4, "AttemptBudget": "61s" },
            "Overflow": { "Soft": 5000, "Hard": 20000 },
            "Destinations": {
              "mta1": { "Address": "127.0.0.1:2601", "Weight": 2, "Labels": { "region": "eu" }, "Connection": { "MaxConnections": 7 } },
              "mta2": { "Address": "mta2.example.com:25" } } } },
          "AffinityStore": { "Type": "Etcd", "Keys": "Plain", "HashKeyFile": "hash.key", "Etcd": { "Endpoints": ["http://127.0.0.1:2379"],
            "Prefix": "/other", "Username": "proxy", "PasswordFile": "etcd.password", "CaFile": null, "CertFile": null, "KeyFile": null,
            "Timeout": "3s" }, "Sqlite": { "Path": "other.db" }, "MaxEntries": 1000 },
          "Ledger": { "Enabled": true, "Ttl": "2.00:00:00" },
          "Dns": { "Servers": ["127.0.0.1:53"] },
          "Shutdown": { "DrainTimeout": "00:00:33" },
          "Admin": { "Address": "*:8025", "TokenFile": "token" },
          "LogFormat": "Json" } }
        """;

    public static void AssertBound(ProxyConfig config, string folder)
    {
        var listener = config.Listeners["mx"];
        Assert.Equal(("127.0.0.1:2525", "mx.example.com"), (listener.Address, listener.Hostname));
        Assert.Equal((false, true), (listener.Lenient, listener.RejectEarlyTalkers));
        Assert.Equal(TimeSpan.FromSeconds(2), listener.GreetingDelay);
        Assert.Equal(["SIZE 10240000", "8BITMIME"], listener.Capabilities!);
        Assert.Equal((BareNewlineMode.Reject, RelayMode.Transaction), (listener.BareNewline, listener.RelayMode));
        Assert.Equal((Minutes(1), Minutes(2)), (listener.CommandTimeout, listener.BodyTimeout));
        Assert.Equal(["127.0.0.0/8"], listener.ProxyProtocol.TrustedNetworks);
        Assert.Equal(
            new LimitsConfig
            {
                MaxConnections = 1,
                MaxConnectionsPerClient = 2,
                MaxErrors = 3,
                MaxCommandLine = 4096,
                MaxRecipients = 5,
                MaxPipelinedCommands = 6,
            },
            listener.Limits);
        AssertRoute(config.Routes["EU"]);
        Assert.Equal("pool", config.Routes["default"].ClusterId);
        AssertCluster(config.Clusters["pool"]);
        AssertStore(config.AffinityStore, folder);
        Assert.Equal(new LedgerConfig { Enabled = true, Ttl = TimeSpan.FromDays(2) }, config.Ledger);
        Assert.Equal(["127.0.0.1:53"], config.Dns.Servers);
        Assert.Equal(Seconds(33), config.Shutdown.DrainTimeout);
        Assert.Equal(new AdminConfig { Address = "*:8025", TokenFile = Path.Combine(folder, "token") }, config.Admin);
        Assert.Equal((LogFormat.Json, folder), (config.LogFormat, config.BaseDirectory));
    }

    private static void AssertRoute(RouteConfig route)
    {
        Assert.Equal((1, "pool"), (route.Order, route.ClusterId));
        Assert.Equal(["eu"], route.Constraints["region"]);
        Assert.Equal(["*.example.de"], route.Match.SenderDomains);
        Assert.Equal(["<>"], route.Match.Senders);
        Assert.Equal(["10.0.0.1"], route.Match.ClientNetworks);
        Assert.Equal(["mx"], route.Match.Listeners);
    }

    private static void AssertCluster(ClusterConfig cluster)
    {
        Assert.Equal(LoadBalancingPolicies.RoundRobin, cluster.LoadBalancingPolicy);
        var affinity = cluster.SessionAffinity;
        Assert.Equal(["4.7.1"], affinity.CountCodes);
        Assert.Equal([SenderNormalizers.Srs], affinity.Normalizers);
        Assert.Equal(
            new SessionAffinityConfig
            {
                Enabled = false,
                Policy = SenderKeyPolicies.SenderDomain,
                FailurePolicy = AffinityFailurePolicies.Return451,
                Ttl = Minutes(31),
                Sliding = false,
                RerouteAfter = 4,
                FailureWindow = Minutes(11),
                AvoidFor = Minutes(16),
                FoldLocalPart = true,
                NullSenderKey = SenderKeyPolicies.SenderAddress,
                CountCodes = affinity.CountCodes,
                Normalizers = affinity.Normalizers,
            },
            affinity);
        Assert.Equal(
            new ActiveHealthCheckConfig
            {
                Enabled = true,
                Interval = Seconds(11),
                Timeout = Seconds(16),
                Fall = 4,
                Rise = 5,
                Depth = ProbeDepth.Rcpt,
                MailFrom = "probe@example.com",
                RcptTo = "to@example.com",
                Port = 26,
            },
            cluster.HealthCheck.Active);
        Assert.True(cluster.HealthCheck.Passive.Enabled);
        Assert.Equal(
            new ConnectionConfig
            {
                ConnectTimeout = Seconds(6),
                GreetingTimeout = Seconds(61),
                CommandTimeout = Minutes(6),
                DataTimeout = Minutes(3),
                BodyTimeout = Minutes(4),
                FinalReplyTimeout = Minutes(11),
                MaxConnections = 101,
                QueueTimeout = Seconds(31),
                PoolSize = 33,
                PoolIdle = Seconds(32),
                PoolMaxAge = Seconds(601),
                MaxTransactions = 102,
                ReplayLimit = 0,
                MaxAttempts = 4,
                AttemptBudget = Seconds(61),
            },
            cluster.Connection);
        Assert.Equal(new OverflowConfig { Soft = 5000, Hard = 20000 }, cluster.Overflow);
        var destination = cluster.Destinations["mta1"];
        Assert.Equal(("127.0.0.1:2601", 2, "eu"), (destination.Address, destination.Weight, destination.Labels["region"]));
        Assert.Equal(new ConnectionOverrides { MaxConnections = 7 }, destination.Connection);
        Assert.Equal("mta2.example.com:25", cluster.Destinations["mta2"].Address);
    }

    private static void AssertStore(AffinityStoreConfig store, string folder)
    {
        Assert.Equal((AffinityStoreType.Etcd, AffinityKeyMode.Plain, 1000), (store.Type, store.Keys, store.MaxEntries));
        Assert.Equal(Path.Combine(folder, "hash.key"), store.HashKeyFile);
        Assert.Equal(Path.Combine(folder, "other.db"), store.Sqlite.Path);
        Assert.Equal(["http://127.0.0.1:2379"], store.Etcd.Endpoints);
        Assert.Equal(("/other", "proxy", Seconds(3)), (store.Etcd.Prefix, store.Etcd.Username, store.Etcd.Timeout));
        Assert.Equal(Path.Combine(folder, "etcd.password"), store.Etcd.PasswordFile);
    }

    private static TimeSpan Minutes(int count) => TimeSpan.FromMinutes(count);

    private static TimeSpan Seconds(int count) => TimeSpan.FromSeconds(count);
}
