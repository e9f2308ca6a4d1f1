using SmtpProxy.Configuration;
using SmtpProxy.Protocol;
using SmtpProxy.Routing;

namespace SmtpProxy.Sessions;

/// <summary>What a listener may promise: the operator's list, else what all destinations that can be reached from it have offered.</summary>
internal static class OfferedCapabilities
{
    private const SmtpExtensions Relayed = SmtpExtensions.Size | SmtpExtensions.EightBitMime | SmtpExtensions.SmtpUtf8 | SmtpExtensions.Dsn
        | SmtpExtensions.Chunking | SmtpExtensions.BinaryMime | SmtpExtensions.DeliverBy | SmtpExtensions.MtPriority;

    /// <param name="snapshot">The configuration in force.</param>
    /// <param name="listener">The listener's name.</param>
    /// <param name="config">The listener's settings.</param>
    /// <param name="isTls">The client speaks under TLS.</param>
    public static SmtpCapabilities Of(ProxySnapshot snapshot, string listener, ListenerConfig config, bool isTls)
    {
        var offered = Of(snapshot, listener, config);
        var isAuth = config.Auth.Mode == AuthMode.Relay && (isTls || config.Auth.AllowWithoutTls);
        offered = isAuth && SaslMechanisms.Relayable(offered.Mechanisms) is { } mechanisms
            ? offered with { Extensions = offered.Extensions | SmtpExtensions.Auth, Mechanisms = mechanisms } : offered with { Mechanisms = null };
        return config.Tls.Mode == ListenerTlsMode.StartTls && !isTls
            ? offered with { Extensions = offered.Extensions | SmtpExtensions.StartTls } : offered;
    }

    private static SmtpCapabilities Of(ProxySnapshot snapshot, string listener, ListenerConfig config)
    {
        if (config.Capabilities is { } lines)
        {
            return SmtpCapabilities.TryParseLines(lines, out var fixedSet, out _) ? Only(fixedSet) : SmtpCapabilities.None;
        }

        SmtpCapabilities? common = null;
        foreach (var cluster in snapshot.Routes.ClustersOf(listener))
        {
            foreach (var destination in cluster.Model.Destinations)
            {
                // A destination that never answered promises nothing; what it turns out to lack, another one is asked for.
                if (destination.Capabilities is { } offered)
                {
                    common = common is { } sofar ? sofar.Intersect(offered) : offered;
                }
            }
        }

        return common is { } all ? Only(all) : SmtpCapabilities.None;
    }

    private static SmtpCapabilities Only(SmtpCapabilities offered)
    {
        // BINARYMIME is nothing without BDAT (RFC 3030 section 3).
        var relayed = offered.Has(SmtpExtensions.Chunking) ? Relayed : Relayed & ~SmtpExtensions.BinaryMime;
        return offered with { Extensions = offered.Extensions & relayed };
    }
}
