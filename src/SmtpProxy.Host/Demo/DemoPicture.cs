namespace SmtpProxy.Host.Demo;

/// <summary>The demo at one moment.</summary>
/// <param name="Senders">A row for each sender.</param>
/// <param name="Sinks">A row for each sink.</param>
/// <param name="Accepted">Messages that clients were told 2xx for.</param>
/// <param name="Retries">Times that a client had to try again.</param>
internal sealed record DemoPicture(IReadOnlyList<SenderRow> Senders, IReadOnlyList<SinkRow> Sinks, int Accepted, int Retries);
