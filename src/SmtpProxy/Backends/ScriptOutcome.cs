using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Protocol.Scripts;

namespace SmtpProxy.Backends;

/// <summary>How far a script came.</summary>
/// <param name="Result"><see cref="AttemptResult.Answered"/> when every step went as expected.</param>
/// <param name="Phase">The last phase entered.</param>
/// <param name="Code">Code of the last reply; 0 without one.</param>
/// <param name="Enhanced">Enhanced code of the last reply.</param>
/// <param name="Text">What the last reply said, or what went wrong.</param>
/// <param name="Capabilities">What the server offered; null when it was not asked, or knows only HELO.</param>
internal sealed record ScriptOutcome(
    AttemptResult Result,
    SmtpPhase Phase,
    int Code,
    EnhancedStatusCode Enhanced,
    string Text,
    SmtpCapabilities? Capabilities)
{
    public bool Succeeded => Result == AttemptResult.Answered;
}
