using System.Net;

namespace SmtpProxy.Management;

/// <summary>A transaction that is asked about.</summary>
/// <param name="Sender">The path of MAIL FROM, empty for the null sender.</param>
/// <param name="Client">The client's address; null: any.</param>
/// <param name="Recipient">A recipient; no rule looks at it yet.</param>
/// <param name="Listener">The listener; null: the first one.</param>
internal sealed record ExplainQuery(string Sender, IPAddress? Client = null, string? Recipient = null, string? Listener = null);
