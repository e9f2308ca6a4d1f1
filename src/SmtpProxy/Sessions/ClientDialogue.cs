using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>The order of commands (RFC 5321 section 4.1.4) as one table.</summary>
internal static class ClientDialogue
{
    /// <summary>The step for a well-formed command.</summary>
    /// <param name="verb">The command's verb.</param>
    /// <param name="hasArgument">Something follows the verb.</param>
    /// <param name="isGreeted">EHLO or HELO was accepted.</param>
    /// <param name="isInTransaction">MAIL was accepted or waits for its answer, and the transaction has not ended.</param>
    public static DialogueStep Next(SmtpVerb verb, bool hasArgument, bool isGreeted, bool isInTransaction) => verb switch
    {
        SmtpVerb.None => DialogueStep.SyntaxError,
        SmtpVerb.Ehlo or SmtpVerb.Helo => hasArgument ? DialogueStep.Greet : DialogueStep.BadArgument,
        SmtpVerb.Mail when !isGreeted => DialogueStep.HelloFirst,
        SmtpVerb.Mail => isInTransaction ? DialogueStep.NestedMail : DialogueStep.Mail,
        SmtpVerb.Rcpt => isInTransaction ? DialogueStep.Rcpt : DialogueStep.BadSequence,
        SmtpVerb.Data when hasArgument => DialogueStep.BadArgument,
        SmtpVerb.Data => isInTransaction ? DialogueStep.Data : DialogueStep.BadSequence,
        SmtpVerb.Bdat => DialogueStep.Bdat,
        SmtpVerb.Rset => hasArgument ? DialogueStep.BadArgument : DialogueStep.Reset,
        SmtpVerb.Quit => hasArgument ? DialogueStep.BadArgument : DialogueStep.Quit,
        SmtpVerb.Noop => DialogueStep.Ok,
        SmtpVerb.Help => DialogueStep.Help,
        SmtpVerb.Vrfy => hasArgument ? DialogueStep.Verify : DialogueStep.BadArgument,
        _ => DialogueStep.NotImplemented,
    };
}
