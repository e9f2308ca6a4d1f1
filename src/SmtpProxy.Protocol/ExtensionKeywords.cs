namespace SmtpProxy.Protocol;

/// <summary>EHLO keywords and their extensions, in the order in which the proxy lists them.</summary>
internal static class ExtensionKeywords
{
    public static readonly (byte[] Keyword, SmtpExtensions Extension)[] All =
    [
        ("PIPELINING"u8.ToArray(), SmtpExtensions.Pipelining),
        ("SIZE"u8.ToArray(), SmtpExtensions.Size),
        ("STARTTLS"u8.ToArray(), SmtpExtensions.StartTls),
        ("AUTH"u8.ToArray(), SmtpExtensions.Auth),
        ("ENHANCEDSTATUSCODES"u8.ToArray(), SmtpExtensions.EnhancedStatusCodes),
        ("8BITMIME"u8.ToArray(), SmtpExtensions.EightBitMime),
        ("SMTPUTF8"u8.ToArray(), SmtpExtensions.SmtpUtf8),
        ("DSN"u8.ToArray(), SmtpExtensions.Dsn),
        ("CHUNKING"u8.ToArray(), SmtpExtensions.Chunking),
        ("BINARYMIME"u8.ToArray(), SmtpExtensions.BinaryMime),
        ("DELIVERBY"u8.ToArray(), SmtpExtensions.DeliverBy),
        ("MT-PRIORITY"u8.ToArray(), SmtpExtensions.MtPriority),
        ("REQUIRETLS"u8.ToArray(), SmtpExtensions.RequireTls),
        ("FUTURERELEASE"u8.ToArray(), SmtpExtensions.FutureRelease),
        ("XCLIENT"u8.ToArray(), SmtpExtensions.XClient),
        ("XFORWARD"u8.ToArray(), SmtpExtensions.XForward),
    ];
}
