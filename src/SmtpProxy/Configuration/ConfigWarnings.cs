using System.Net;
using SmtpProxy.Configuration.Formats;
using SmtpProxy.Configuration.Schema;
using SmtpProxy.Configuration.Schema.Tables;

namespace SmtpProxy.Configuration;

/// <summary>Finds what is allowed and yet probably not meant.</summary>
internal static class ConfigWarnings
{
    /// <summary>All warnings about a valid configuration, each with its key.</summary>
    public static IReadOnlyList<string> Find(ProxyConfig config) =>
        [
            .. NoEffect(config), .. TrustedByAll(config), .. HiddenClients(config), .. PlainHash(config),
            .. UnmetConstraints(config), .. ClearCredentials(config), .. UnusedAuthorities(config), .. OnceForwarded(config),
            .. UnusedLoops(config), .. PoolWarnings.Find(config),
        ];

    private static IEnumerable<string> NoEffect(ProxyConfig config) =>
        from value in ProxyKeys.Read(config)
        where UnbuiltFeatures.Find(value) is { IsRefused: false }
        select $"{value.Key.Path}: {JsonText.Show(UnbuiltFeatures.Text(value.Json))} has no effect in this version";

    private static IEnumerable<string> TrustedByAll(ProxyConfig config) =>
        from listener in config.Listeners
        where listener.Value.ProxyProtocol.Mode != ProxyProtocolMode.Off
        from network in listener.Value.ProxyProtocol.TrustedNetworks
        where NetworkSyntax.TryParse(network, out var read) && read.PrefixLength == 0
        select $"{KeyPath.Root}:Listeners:{listener.Key}:ProxyProtocol:TrustedNetworks: '{network}' is everybody: any client can take any address";

    private static IEnumerable<string> HiddenClients(ProxyConfig config) =>
        from cluster in config.Clusters
        where cluster.Value.Destinations.Values.Any(x => cluster.Value.Connection.Effective(x.Connection).Identity == IdentityMode.None)
        select $"{KeyPath.Root}:Clusters:{cluster.Key}:Connection:Identity: 'None' hides the clients: a server that trusts the proxy's "
            + "address becomes an open relay, and one that does not counts all clients as one (Postfix: 50 connections)";

    private static IEnumerable<string> PlainHash(ProxyConfig config)
    {
        if (config.AffinityStore is { Type: AffinityStoreType.Etcd, Keys: AffinityKeyMode.Hashed, HashKeyFile: null })
        {
            yield return $"{KeyPath.Root}:AffinityStore:HashKeyFile: without a key senders are stored as plain SHA-256, "
                + "which can be guessed by trying addresses; all proxies must agree";
        }
    }

    private static IEnumerable<string> UnmetConstraints(ProxyConfig config) =>
        from route in config.Routes
        from constraint in route.Value.Constraints
        let cluster = config.Clusters.FirstOrDefault(x => x.Key.Equals(route.Value.ClusterId, StringComparison.OrdinalIgnoreCase))
        where cluster.Value is not null && !cluster.Value.Destinations.Values.Any(x => Fits(x, constraint.Key, constraint.Value))
        select $"{KeyPath.Root}:Routes:{route.Key}:Constraints:{constraint.Key}: no destination of the cluster '{cluster.Key}' fits; "
            + "all mail of this route is deferred";

    private static IEnumerable<string> ClearCredentials(ProxyConfig config)
    {
        var relays = config.Listeners.Where(static x => x.Value.Auth.Mode == AuthMode.Relay).ToList();
        foreach (var (id, _) in relays.Where(static x => x.Value.Auth.AllowWithoutTls))
        {
            yield return $"{KeyPath.Root}:Listeners:{id}:Auth:AllowWithoutTls: passwords of clients cross the network in clear";
        }

        if (relays.Count == 0)
        {
            yield break;
        }

        foreach (var (id, cluster) in config.Clusters)
        {
            foreach (var (name, destination) in cluster.Destinations.Where(static x => !IsNear(x.Value)))
            {
                var tls = cluster.Connection.Effective(destination.Connection).Tls;
                if (tls is ConnectionTlsMode.None or ConnectionTlsMode.Opportunistic)
                {
                    yield return $"{KeyPath.Root}:Clusters:{id}:Destinations:{name}:Connection:Tls: with '{tls}' passwords that the listener "
                        + $"'{relays[0].Key}' relays {(tls == ConnectionTlsMode.None ? "cross" : "can cross")} the network in clear";
                }
            }
        }
    }

    private static IEnumerable<string> UnusedAuthorities(ProxyConfig config) =>
        from cluster in config.Clusters
        from destination in cluster.Value.Destinations
        let connection = cluster.Value.Connection.Effective(destination.Value.Connection)
        where connection.CaFile is not null && connection.Tls != ConnectionTlsMode.Verify
        select $"{KeyPath.Root}:Clusters:{cluster.Key}:Destinations:{destination.Key}: CaFile has no effect: with Tls '{connection.Tls}' no "
            + "certificate is checked";

    private static IEnumerable<string> UnusedLoops(ProxyConfig config)
    {
        if (config is { Transport: TransportKind.Sockets, TransportLoops: > 0 })
        {
            yield return $"{KeyPath.Root}:TransportLoops has no effect: with Transport 'Sockets' there are no loops";
        }
    }

    private static IEnumerable<string> OnceForwarded(ProxyConfig config) =>
        from listener in config.Listeners
        where listener.Value.RelayMode == RelayMode.Session
        from cluster in config.Clusters
        where config.Routes.Values.Any(x => Leads(x, listener.Key, cluster.Key))
            && cluster.Value.Destinations.Values.Any(x => cluster.Value.Connection.Effective(x.Connection).Identity == IdentityMode.XForward)
        select $"{KeyPath.Root}:Listeners:{listener.Key}:RelayMode: with 'Session' the servers of the cluster '{cluster.Key}' are told by XFORWARD "
            + "who sends the first message of a session, and of the others they log the proxy";

    /// <summary>True when a route can take mail of a listener to a cluster.</summary>
    internal static bool Leads(RouteConfig route, string listener, string cluster) =>
        route.ClusterId.Equals(cluster, StringComparison.OrdinalIgnoreCase)
        && (route.Match.Listeners.Count == 0 || route.Match.Listeners.Contains(listener, StringComparer.OrdinalIgnoreCase));

    private static bool IsNear(DestinationConfig destination) =>
        HostPort.TryParse(destination.Address, HostPort.SmtpPort, out var host)
        && (host.Address is { } address ? IPAddress.IsLoopback(address) : host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase));

    private static bool Fits(DestinationConfig destination, string label, IReadOnlyList<string> values) =>
        destination.Labels.Any(x => x.Key.Equals(label, StringComparison.OrdinalIgnoreCase) && values.Contains(x.Value));
}
