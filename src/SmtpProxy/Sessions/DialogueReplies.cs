using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>The refusals of commands that lead to nothing else.</summary>
internal static class DialogueReplies
{
    public static ReadOnlySpan<byte> Of(DialogueStep step) => step switch
    {
        DialogueStep.NotImplemented => SmtpReplies.UnknownCommand,
        DialogueStep.BadArgument => SmtpReplies.BadArgument,
        DialogueStep.HelloFirst => SmtpReplies.HelloFirst,
        DialogueStep.NestedMail => SmtpReplies.NestedMail,
        DialogueStep.BadSequence => SmtpReplies.BadSequence,
        DialogueStep.TlsFirst => SmtpReplies.TlsRequired,
        DialogueStep.EncryptionNeeded => SmtpReplies.EncryptionNeeded,
        _ => SmtpReplies.SyntaxError,
    };
}
