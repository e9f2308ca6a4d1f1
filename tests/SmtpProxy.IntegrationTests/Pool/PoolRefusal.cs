using MailKit.Net.Smtp;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>An attempt to send that did not end with a positive reply.</summary>
/// <param name="Message">What was sent.</param>
/// <param name="Connection">Which of the client's connections it was, named alike over reconnects.</param>
/// <param name="StartedAt">Timestamp of the begin of the attempt.</param>
/// <param name="EndedAt">Timestamp of its end.</param>
/// <param name="Code">The reply code; 0 when the connection was lost.</param>
/// <param name="Step">The command that was refused; null when the connection was lost.</param>
/// <param name="Text">The reply, or what went wrong.</param>
public sealed record PoolRefusal(
    PoolMessage Message, string Connection, long StartedAt, long EndedAt, int Code, SmtpErrorCode? Step, string Text);
