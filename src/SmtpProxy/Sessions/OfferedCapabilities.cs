using SmtpProxy.Configuration;
using SmtpProxy.Protocol;
using SmtpProxy.Routing;

namespace SmtpProxy.Sessions;

/// <summary>What a listener may promise: the operator's list, else what all destinations that can be reached from it have offered.</summary>
internal static class OfferedCapabilities
{
    private const SmtpExtensions Relayed = SmtpExtensions.Size | SmtpExtensions.EightBitMime | SmtpExtensions.SmtpUtf8 | SmtpExtensions.Dsn
        | SmtpExtensions.Chunking | SmtpExtensions.BinaryMime | SmtpExtensions.DeliverBy | SmtpExtensions.MtPriority;

    public static SmtpCapabilities Of(ProxySnapshot snapshot, string listener, ListenerConfig config)
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
