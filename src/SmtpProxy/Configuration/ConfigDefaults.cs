using System.Collections.Frozen;

namespace SmtpProxy.Configuration;

/// <summary>Fills in what is plain from the rest.</summary>
internal static class ConfigDefaults
{
    /// <summary>The name of the route that is made when none is given.</summary>
    public const string RouteId = "default";

    /// <summary>With a single cluster and no route, everything goes to that cluster.</summary>
    public static ProxyConfig Complete(ProxyConfig config)
    {
        if (config.Routes.Count > 0 || config.Clusters.Count != 1)
        {
            return config;
        }

        var route = new RouteConfig { ClusterId = config.Clusters.Keys.Single() };
        var routes = new Dictionary<string, RouteConfig> { [RouteId] = route };
        return config with { Routes = routes.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase) };
    }
}
