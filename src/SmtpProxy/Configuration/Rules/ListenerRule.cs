using SmtpProxy.Configuration.Formats;
using SmtpProxy.Configuration.Schema;

namespace SmtpProxy.Configuration.Rules;

/// <summary>There is a listener, no two need the same socket, and what a mode needs is given.</summary>
internal sealed class ListenerRule : IConfigRule
{
    /// <inheritdoc/>
    public void Check(ProxyConfig config, ConfigErrors errors)
    {
        var listeners = KeyPath.Top.Child(nameof(ProxyConfig.Listeners));
        if (config.Listeners.Count == 0)
        {
            errors.Add(listeners, "at least one listener is needed");
        }

        foreach (var (id, listener) in config.Listeners)
        {
            CheckNeeds(listener, listeners.Item(id), errors);
        }

        CheckOverlaps(config, listeners, errors);
    }

    private static void CheckNeeds(ListenerConfig listener, KeyPath path, ConfigErrors errors)
    {
        if (listener.ProxyProtocol is { Mode: not ProxyProtocolMode.Off, TrustedNetworks.Count: 0 })
        {
            errors.Add(
                path.Child(nameof(ListenerConfig.ProxyProtocol), nameof(ProxyProtocolConfig.TrustedNetworks)),
                "at least one network is needed: headers of anyone else are not believed");
        }
    }

    private static void CheckOverlaps(ProxyConfig config, KeyPath listeners, ConfigErrors errors)
    {
        var taken = new List<(string Name, ListenAddress Address)>();
        foreach (var (id, listener) in config.Listeners.OrderBy(x => x.Key, StringComparer.Ordinal))
        {
            Take($"listener '{id}'", listener.Address, listeners.Item(id).Child(nameof(ListenerConfig.Address)));
        }

        Take("the administration port", config.Admin.Address, KeyPath.Top.Child(nameof(ProxyConfig.Admin), nameof(AdminConfig.Address)));

        void Take(string name, string? text, KeyPath path)
        {
            if (text is null || !ListenAddress.TryParse(text, out var address))
            {
                return;
            }

            if (taken.Find(x => x.Address.Overlaps(address)) is { Name: not null } other)
            {
                errors.Add(path, $"{JsonText.Show(text)} is taken by {other.Name}; each needs an address of its own");
            }

            taken.Add((name, address));
        }
    }
}
