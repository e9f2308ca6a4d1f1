using SmtpProxy.Protocol;

namespace SmtpProxy.Host.Admin;

/// <summary>EHLO keywords of what a server offers.</summary>
internal static class CapabilityNames
{
    private static readonly (SmtpExtensions Extension, string Keyword)[] Keywords =
    [
        (SmtpExtensions.Pipelining, "PIPELINING"),
        (SmtpExtensions.EnhancedStatusCodes, "ENHANCEDSTATUSCODES"),
        (SmtpExtensions.Size, "SIZE"),
        (SmtpExtensions.EightBitMime, "8BITMIME"),
        (SmtpExtensions.SmtpUtf8, "SMTPUTF8"),
        (SmtpExtensions.Dsn, "DSN"),
        (SmtpExtensions.Chunking, "CHUNKING"),
        (SmtpExtensions.BinaryMime, "BINARYMIME"),
        (SmtpExtensions.DeliverBy, "DELIVERBY"),
        (SmtpExtensions.MtPriority, "MT-PRIORITY"),
        (SmtpExtensions.RequireTls, "REQUIRETLS"),
        (SmtpExtensions.Auth, "AUTH"),
        (SmtpExtensions.StartTls, "STARTTLS"),
        (SmtpExtensions.XClient, "XCLIENT"),
        (SmtpExtensions.XForward, "XFORWARD"),
        (SmtpExtensions.FutureRelease, "FUTURERELEASE"),
    ];

    public static IReadOnlyList<string> Of(SmtpCapabilities capabilities) =>
    [
        .. Keywords
            .Where(row => capabilities.Has(row.Extension))
            .Select(row => row.Extension == SmtpExtensions.Size && capabilities.SizeLimit > 0
                ? $"{row.Keyword} {capabilities.SizeLimit}"
                : row.Keyword),
    ];
}
