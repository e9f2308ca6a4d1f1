using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmtpProxy.TestKit.Cases;

/// <summary>The product's configuration for a case.</summary>
internal static class CaseConfiguration
{
    public const string ListenerName = "mx";
    public const string ClusterName = "pool";
    public const string OwnName = "proxy.example.com";
    private const int PoolSize = 8;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <param name="played">The case.</param>
    /// <param name="servers">Where its servers are.</param>
    /// <param name="authority">Who issues the certificate of a listener with TLS.</param>
    /// <param name="etcd">Where entries are kept; null: in memory.</param>
    public static ProxySetup For(
        CaseVariant played, IReadOnlyDictionary<string, IPEndPoint> servers, TestAuthority? authority = null, string? etcd = null)
    {
        var listeners = ListenerNames(played.Config).ToDictionary(static name => name, static _ => FreePorts.NextEndPoint());
        var admin = FreePorts.NextEndPoint();
        var config = played.Config;
        var root = new JsonObject
        {
            ["SmtpProxy"] = new JsonObject
            {
                ["Listeners"] = new JsonObject(listeners.Select(
                    listener => KeyValuePair.Create<string, JsonNode?>(listener.Key, Listener(played, listener.Key, listener.Value, authority)))),
                ["Routes"] = new JsonObject { ["default"] = new JsonObject { ["ClusterId"] = ClusterName } },
                ["Clusters"] = new JsonObject { [ClusterName] = Cluster(config, servers) },
                ["AffinityStore"] = etcd is null
                    ? new JsonObject { ["Type"] = "Memory" }
                    : new JsonObject { ["Type"] = "Etcd", ["Etcd"] = new JsonObject { ["Endpoints"] = new JsonArray(etcd) } },
                ["Transport"] = TestedTransport.Name,
                ["Ledger"] = new JsonObject { ["Enabled"] = true },
                ["Shutdown"] = new JsonObject { ["DrainTimeout"] = Duration(config.ShutdownGraceMs) },
                ["Admin"] = new JsonObject { ["Address"] = admin.ToString() },
            },
        };
        return new ProxySetup(
            root.ToJsonString(Indented),
            listeners,
            new Uri($"http://{admin}/"));
    }

    /// <summary>The listener that the client of a case connects to.</summary>
    public static string ListenerOf(CaseVariant played) => played.Listener ?? ListenerNames(played.Config)[0];

    private static IReadOnlyList<string> ListenerNames(CaseSettings config) => config.Listeners.Count > 0 ? [.. config.Listeners.Keys] : [ListenerName];

    private static JsonObject Listener(CaseVariant played, string name, IPEndPoint address, TestAuthority? authority)
    {
        var listener = new JsonObject
        {
            ["Address"] = address.ToString(),
            ["Hostname"] = played.Config.OwnName,
            ["Auth"] = new JsonObject
            {
                ["Mode"] = played.Config.AuthRelay is null ? "Off" : "Relay",
                ["AllowWithoutTls"] = played.Config.AuthWithoutTls,
            },
        };
        if (!played.Config.LearnCapabilities)
        {
            listener["Capabilities"] = new JsonArray([.. CaseCapabilities.Of(played).Select(line => JsonValue.Create(line))]);
        }

        if (played.Config.Starttls)
        {
            listener["Tls"] = JsonNode.Parse((authority ?? throw new InvalidOperationException("TLS needs an authority.")).Listener("StartTls"),
                documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true });
        }

        var networks = played.Config.Listeners.TryGetValue(name, out var own) ? own.TrustedProxies : played.Config.TrustedProxies;
        if (own is { TrustedProxies.Count: > 0 } || played.Config.ProxyProtocolIn == "required")
        {
            var trusted = new JsonArray([.. networks.Select(network => JsonValue.Create(network))]);
            listener["ProxyProtocol"] = new JsonObject { ["Mode"] = "Required", ["TrustedNetworks"] = trusted };
        }

        return listener;
    }

    private static JsonObject Cluster(CaseSettings config, IReadOnlyDictionary<string, IPEndPoint> servers) => new()
    {
        // The first name wins, and only what clients do has an effect on the servers: cases count connections.
        ["LoadBalancingPolicy"] = "FirstAlphabetical",
        ["HealthCheck"] = new JsonObject
        {
            ["Active"] = new JsonObject { ["Enabled"] = false },
            ["Passive"] = new JsonObject { ["Enabled"] = false },
        },
        ["SessionAffinity"] = Affinity(config),
        ["Connection"] = Connection(config),
        ["Destinations"] = new JsonObject(servers.Select(server => KeyValuePair.Create<string, JsonNode?>(server.Key, Destination(config, server)))),
    };

    private static JsonObject Affinity(CaseSettings config)
    {
        var affinity = new JsonObject { ["Enabled"] = true, ["Policy"] = config.AffinityBy == "domain" ? "SenderDomain" : "SenderAddress" };
        Set(affinity, "RerouteAfter", config.RerouteAfterFailures);
        return affinity;
    }

    private static JsonObject Connection(CaseSettings config)
    {
        var connection = new JsonObject
        {
            ["Identity"] = "None",
            ["ConnectTimeout"] = "00:00:02",
            ["PoolSize"] = config.Pool ? PoolSize : 0,
        };
        Set(connection, "ReplayLimit", config.ReplayLimit);
        Set(connection, "GreetingTimeout", Duration(config.BackendGreetingTimeoutMs));
        Set(connection, "QueueTimeout", Duration(config.QueueWaitMs));
        Set(connection, "PoolMaxAge", Duration(config.PoolMaxAgeS * 1000));
        return connection;
    }

    private static JsonObject Destination(CaseSettings config, KeyValuePair<string, IPEndPoint> server)
    {
        var connection = new JsonObject();
        Set(connection, "MaxConnections", config.BackendMaxConnections.TryGetValue(server.Key, out var most) ? most : null);
        Set(connection, "Identity", IdentityOf(config, server.Key));
        Set(connection, "Tls", TlsOf(config, server.Key));
        var destination = new JsonObject { ["Address"] = server.Value.ToString() };
        Set(destination, "Connection", connection.Count > 0 ? connection : null);
        return destination;
    }

    private static string? IdentityOf(CaseSettings config, string server) =>
        config.XclientOut.GetValueOrDefault(server) ? "XClient"
        : config.ProxyProtocolOut.GetValueOrDefault(server) switch
        {
            "v1" => "ProxyV1",
            "v2" => "ProxyV2",
            _ => null,
        };

    private static string? TlsOf(CaseSettings config, string server) => config.BackendTls.GetValueOrDefault(server) switch
    {
        null => null,
        "starttls-required" => "Required",
        "starttls" => "Opportunistic",
        var other => throw new InvalidOperationException($"No way to use TLS: {other}"),
    };

    private static void Set(JsonObject target, string key, JsonNode? value)
    {
        if (value is not null)
        {
            target[key] = value;
        }
    }

    private static string? Duration(int? milliseconds) =>
        milliseconds is { } time ? TimeSpan.FromMilliseconds(time).ToString("c", CultureInfo.InvariantCulture) : null;
}
