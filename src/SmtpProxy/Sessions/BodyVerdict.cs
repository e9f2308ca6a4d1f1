using SmtpProxy.Model;

namespace SmtpProxy.Sessions;

/// <summary>What the text of a message led to.</summary>
/// <param name="Outcome">What became of the transaction.</param>
/// <param name="End">Why the client's session ends with it; none when it goes on.</param>
internal readonly record struct BodyVerdict(TransactionOutcome Outcome, SessionEnd End);
