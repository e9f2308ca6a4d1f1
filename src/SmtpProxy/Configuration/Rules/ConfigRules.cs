using SmtpProxy.Configuration.Schema;

namespace SmtpProxy.Configuration.Rules;

/// <summary>All rules, in the order their errors are shown.</summary>
internal static class ConfigRules
{
    private static readonly IConfigRule[] All =
    [
        new IdentifierRule(),
        new ValueRule(),
        new UnbuiltRule(),
        new ListenerRule(),
        new ListenerTlsRule(),
        new RouteRule(),
        new ClusterRule(),
        new MailLoopRule(),
        new AffinityStoreRule(),
        new AdminRule(),
        new TransportRule(),
    ];

    /// <summary>Applies every rule.</summary>
    public static void Check(ProxyConfig config, ConfigErrors errors)
    {
        foreach (var rule in All)
        {
            rule.Check(config, errors);
        }
    }
}
