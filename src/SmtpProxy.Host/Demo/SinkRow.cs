namespace SmtpProxy.Host.Demo;

/// <summary>One sink of the demo.</summary>
/// <param name="Sink">Its name.</param>
/// <param name="Messages">Messages that it took.</param>
/// <param name="IsStopped">True once it was stopped.</param>
internal sealed record SinkRow(string Sink, int Messages, bool IsStopped);
