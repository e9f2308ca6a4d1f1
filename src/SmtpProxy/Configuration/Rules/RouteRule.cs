using SmtpProxy.Configuration.Formats;
using SmtpProxy.Configuration.Schema;

namespace SmtpProxy.Configuration.Rules;

/// <summary>There is a route, and each names clusters and listeners that exist.</summary>
internal sealed class RouteRule : IConfigRule
{
    /// <inheritdoc/>
    public void Check(ProxyConfig config, ConfigErrors errors)
    {
        var routes = KeyPath.Top.Child(nameof(ProxyConfig.Routes));
        // With a single cluster a missing route is no gap: see ConfigDefaults.
        if (config.Routes.Count == 0 && config.Clusters.Count > 1)
        {
            errors.Add(routes, "at least one route is needed when there are several clusters");
        }

        foreach (var (id, route) in config.Routes)
        {
            var path = routes.Item(id);
            CheckName(route.ClusterId, "cluster", config.Clusters, path.Child(nameof(RouteConfig.ClusterId)), errors);
            var listeners = path.Child(nameof(RouteConfig.Match), nameof(RouteMatchConfig.Listeners));
            foreach (var listener in route.Match.Listeners)
            {
                CheckName(listener, "listener", config.Listeners, listeners, errors);
            }

            foreach (var (label, values) in route.Constraints.Where(x => x.Value.Count == 0))
            {
                var key = path.Child(nameof(RouteConfig.Constraints)).Item(label);
                errors.Add(key, "at least one value is needed: no destination could fit");
            }
        }
    }

    private static void CheckName<T>(string name, string what, IReadOnlyDictionary<string, T> known, KeyPath path, ConfigErrors errors)
    {
        if (name.Length > 0 && !known.Keys.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            var hint = NearestName.Find(name, known.Keys) is { } nearest
                ? $"did you mean '{nearest}'?"
                : $"allowed: {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}";
            errors.Add(path, $"there is no {what} {JsonText.Show(name)}; {hint}");
        }
    }
}
