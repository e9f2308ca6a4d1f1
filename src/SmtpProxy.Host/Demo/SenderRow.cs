namespace SmtpProxy.Host.Demo;

/// <summary>One sender of the demo.</summary>
/// <param name="Sender">Its address.</param>
/// <param name="Destination">Sink that took its last message.</param>
/// <param name="Messages">Messages that arrived.</param>
/// <param name="MovedFrom">Sink that it was on before; null when it never moved.</param>
internal sealed record SenderRow(string Sender, string? Destination, int Messages, string? MovedFrom);
