using SmtpProxy.Configuration.Formats;
using SmtpProxy.Configuration.Schema;

namespace SmtpProxy.Configuration.Rules;

/// <summary>What the operator names can be part of keys, URLs and metric labels.</summary>
internal sealed class IdentifierRule : IConfigRule
{
    /// <inheritdoc/>
    public void Check(ProxyConfig config, ConfigErrors errors)
    {
        CheckNames(config.Listeners.Keys, KeyPath.Top.Child(nameof(ProxyConfig.Listeners)), errors);
        CheckNames(config.Routes.Keys, KeyPath.Top.Child(nameof(ProxyConfig.Routes)), errors);
        var clusters = KeyPath.Top.Child(nameof(ProxyConfig.Clusters));
        CheckNames(config.Clusters.Keys, clusters, errors);
        foreach (var (id, cluster) in config.Clusters)
        {
            CheckNames(cluster.Destinations.Keys, clusters.Item(id).Child(nameof(ClusterConfig.Destinations)), errors);
        }
    }

    private static void CheckNames(IEnumerable<string> names, KeyPath path, ConfigErrors errors)
    {
        foreach (var name in names.Where(x => !AddressSyntax.IsIdentifier(x)))
        {
            errors.Add(path.Item(JsonText.Shorten(name)), $"{JsonText.Show(name)} is not a name; allowed: {AddressSyntax.IdentifierForms}");
        }
    }
}
