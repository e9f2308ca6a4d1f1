using SmtpProxy.Configuration.Schema;

namespace SmtpProxy.Configuration;

/// <summary>Finds settings of pools that cannot do what they seem to.</summary>
internal static class PoolWarnings
{
    /// <summary>All warnings about a valid configuration, each with its key.</summary>
    public static IEnumerable<string> Find(ProxyConfig config) => [.. BoundSessions(config), .. OtherNames(config)];

    private static IEnumerable<string> BoundSessions(ProxyConfig config) =>
        from cluster in config.Clusters
        from destination in cluster.Value.Destinations
        let connection = cluster.Value.Connection.Effective(destination.Value.Connection)
        let limit = connection.Identity switch
        {
            IdentityMode.ProxyV1 or IdentityMode.ProxyV2 => "a session ends with the client connection that its PROXY header names",
            IdentityMode.XClient => "a session that was told of a client by XCLIENT is kept for that client alone",
            _ => null,
        }
        where limit is not null
        let path = $"{KeyPath.Root}:Clusters:{cluster.Key}:Destinations:{destination.Key}"
        from warning in Bound(connection, path, limit)
        select warning;

    private static IEnumerable<string> Bound(ConnectionConfig connection, string path, string limit)
    {
        if (connection.PoolSize != new ConnectionConfig().PoolSize && connection.PoolSize > 0)
        {
            yield return $"{path}: PoolSize is {connection.PoolSize}, but {limit}";
        }

        if (connection.MinPoolSize > 0)
        {
            yield return $"{path}: MinPoolSize has no effect: {limit}, so none is opened before there is one";
        }
    }

    // A session is opened under one name and serves that name.
    private static IEnumerable<string> OtherNames(ProxyConfig config) =>
        from cluster in config.Clusters
        where cluster.Value.Destinations.Values.Any(x => cluster.Value.Connection.Effective(x.Connection).MinPoolSize > 0)
        let names = config.Listeners.OrderBy(static x => x.Key, StringComparer.OrdinalIgnoreCase)
            .Where(x => config.Routes.Count == 0 || config.Routes.Values.Any(route => ConfigWarnings.Leads(route, x.Key, cluster.Key)))
            .Select(static x => x.Value.Hostname).Distinct(StringComparer.Ordinal).ToList()
        where names.Count > 1
        select $"{KeyPath.Root}:Clusters:{cluster.Key}:Connection:MinPoolSize: connections are kept open under the name '{names[0]}' only; "
            + $"listeners with another Hostname ('{names[1]}') do not use them";
}
