using SmtpProxy.Model;

namespace SmtpProxy.Relay;

/// <summary>Decides what a server's answer before the body means for the transaction.</summary>
internal static class EnvelopeJudge
{
    /// <summary>The step that follows.</summary>
    /// <param name="stage">The command that was answered: MAIL, RCPT or DATA.</param>
    /// <param name="read">How waiting for the reply ended.</param>
    /// <param name="code">The reply's code, when there is one.</param>
    /// <param name="reply">What the reply is about, when there is one.</param>
    /// <param name="isFirstOnReused">The command was the first one on a session that had served before.</param>
    /// <param name="hasAccepted">A recipient of this transaction was accepted before.</param>
    public static EnvelopeStep Judge(
        TransactionStage stage, ReplyRead read, int code, ReplyClass reply, bool isFirstOnReused, bool hasAccepted)
    {
        var isLost = read != ReplyRead.Reply || code == 421 || IsMisplaced(stage, code);
        if (isFirstOnReused && (isLost || reply != ReplyClass.Positive))
        {
            return EnvelopeStep.Refresh;
        }

        if (isLost)
        {
            return hasAccepted ? EnvelopeStep.Replay : EnvelopeStep.FailOver;
        }

        // Once a recipient was accepted, a refusal of another one is that recipient's business.
        return reply == ReplyClass.Host && (stage != TransactionStage.Rcpt || !hasAccepted) ? EnvelopeStep.FailOver : EnvelopeStep.Answer;
    }

    /// <summary>True for a positive reply that the command cannot have: the go-ahead to anything but DATA, or anything else to DATA. Server and
    /// proxy are out of step then.</summary>
    public static bool IsMisplaced(TransactionStage stage, int code) =>
        code is >= 200 and < 400 && (code >= 300) != (stage == TransactionStage.Data);
}
