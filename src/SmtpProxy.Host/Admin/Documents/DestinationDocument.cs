namespace SmtpProxy.Host.Admin.Documents;

/// <summary>A mail server of a cluster.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Weight">Its share among the others.</param>
/// <param name="State">What the operator wants of it: <c>active</c>.</param>
/// <param name="InFlight">Transactions that run there now, of this proxy.</param>
/// <param name="Capabilities">What it offered in EHLO; null before the first handshake.</param>
internal sealed record DestinationDocument(
    string Id,
    string Address,
    int Weight,
    string State,
    int InFlight,
    IReadOnlyList<string>? Capabilities);
