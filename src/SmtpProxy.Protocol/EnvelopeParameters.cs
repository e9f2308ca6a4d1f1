namespace SmtpProxy.Protocol;

/// <summary>The parameters of MAIL and RCPT that the proxy knows, and what they need.</summary>
internal static class EnvelopeParameters
{
    public static readonly EnvelopeParameter[] Mail =
    [
        new("SIZE"u8.ToArray(), SmtpExtensions.Size, ParameterKind.Size),
        new("BODY"u8.ToArray(), SmtpExtensions.None, ParameterKind.Body),
        new("SMTPUTF8"u8.ToArray(), SmtpExtensions.SmtpUtf8, ParameterKind.Text, HasValue: false),
        new("RET"u8.ToArray(), SmtpExtensions.Dsn, ParameterKind.ReturnContent),
        new("ENVID"u8.ToArray(), SmtpExtensions.Dsn, ParameterKind.Xtext),
        new("AUTH"u8.ToArray(), SmtpExtensions.Auth, ParameterKind.Mailbox),
        new("BY"u8.ToArray(), SmtpExtensions.DeliverBy, ParameterKind.Text),
        new("HOLDFOR"u8.ToArray(), SmtpExtensions.FutureRelease, ParameterKind.Text),
        new("HOLDUNTIL"u8.ToArray(), SmtpExtensions.FutureRelease, ParameterKind.Text),
        new("MT-PRIORITY"u8.ToArray(), SmtpExtensions.MtPriority, ParameterKind.Text),
        new("REQUIRETLS"u8.ToArray(), SmtpExtensions.RequireTls, ParameterKind.Text, HasValue: false),
    ];

    public static readonly EnvelopeParameter[] Recipient =
    [
        new("NOTIFY"u8.ToArray(), SmtpExtensions.Dsn, ParameterKind.Text),
        new("ORCPT"u8.ToArray(), SmtpExtensions.Dsn, ParameterKind.OriginalRecipient),
    ];
}
