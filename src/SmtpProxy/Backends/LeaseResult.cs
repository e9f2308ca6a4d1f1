using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Backends;

/// <summary>A session to use, or why there is none.</summary>
/// <param name="Session">The session; null when there is none.</param>
/// <param name="Stage">The stage that failed; <see cref="TransactionStage.None"/> with a session.</param>
/// <param name="Result">How it failed; <see cref="AttemptResult.None"/> with a session.</param>
/// <param name="Code">Code of the reply that refused; 0 without one.</param>
/// <param name="Enhanced">Enhanced code of that reply.</param>
/// <param name="Text">What the server said, or what went wrong.</param>
/// <param name="QueueDelay">How long a free connection was waited for.</param>
/// <param name="ConnectDelay">How long connecting and the handshake took.</param>
internal sealed record LeaseResult(
    BackendSession? Session,
    TransactionStage Stage,
    AttemptResult Result,
    int Code,
    EnhancedStatusCode Enhanced,
    string Text,
    TimeSpan QueueDelay,
    TimeSpan ConnectDelay)
{
    public static LeaseResult Of(BackendSession session) =>
        new(session, TransactionStage.None, AttemptResult.None, 0, default, string.Empty, TimeSpan.Zero, TimeSpan.Zero);

    public static LeaseResult Failed(TransactionStage stage, AttemptResult result, string text) =>
        new(null, stage, result, 0, default, text, TimeSpan.Zero, TimeSpan.Zero);
}
