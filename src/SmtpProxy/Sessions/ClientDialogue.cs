using SmtpProxy.Configuration;
using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>The order of commands (RFC 5321 section 4.1.4) as one table.</summary>
internal static class ClientDialogue
{
    /// <summary>The step for a well-formed command.</summary>
    /// <param name="verb">The command's verb.</param>
    /// <param name="hasArgument">Something follows the verb.</param>
    /// <param name="isGreeted">EHLO or HELO was accepted.</param>
    /// <param name="state">How far the transaction has come.</param>
    public static DialogueStep Next(SmtpVerb verb, bool hasArgument, bool isGreeted, DialogueState state) => verb switch
    {
        SmtpVerb.None => DialogueStep.SyntaxError,
        SmtpVerb.Ehlo or SmtpVerb.Helo => hasArgument ? DialogueStep.Greet : DialogueStep.BadArgument,
        SmtpVerb.Mail when !isGreeted => DialogueStep.HelloFirst,
        SmtpVerb.Mail => state == DialogueState.None ? DialogueStep.Mail : DialogueStep.NestedMail,
        SmtpVerb.Rcpt => state is DialogueState.Envelope or DialogueState.BinaryEnvelope ? DialogueStep.Rcpt : DialogueStep.BadSequence,
        SmtpVerb.Data when hasArgument => DialogueStep.BadArgument,
        SmtpVerb.Data => state == DialogueState.Envelope ? DialogueStep.Data : DialogueStep.BadSequence,
        SmtpVerb.Bdat => state == DialogueState.None ? DialogueStep.StrayBdat : DialogueStep.Bdat,
        SmtpVerb.Rset => hasArgument ? DialogueStep.BadArgument : DialogueStep.Reset,
        SmtpVerb.Quit => hasArgument ? DialogueStep.BadArgument : DialogueStep.Quit,
        SmtpVerb.StartTls => hasArgument ? DialogueStep.BadArgument : DialogueStep.StartTls,
        SmtpVerb.Auth when !isGreeted => DialogueStep.HelloFirst,
        SmtpVerb.Auth when state != DialogueState.None => DialogueStep.BadSequence,
        SmtpVerb.Auth => hasArgument ? DialogueStep.Auth : DialogueStep.BadArgument,
        SmtpVerb.Noop => DialogueStep.Ok,
        SmtpVerb.Help => DialogueStep.Help,
        SmtpVerb.Vrfy => hasArgument ? DialogueStep.Verify : DialogueStep.BadArgument,
        _ => DialogueStep.NotImplemented,
    };

    /// <summary>What becomes of AUTH on a listener with these settings (RFC 4954 section 4).</summary>
    /// <param name="step">The step without regard to them.</param>
    /// <param name="verb">The command's verb.</param>
    /// <param name="auth">The listener's settings.</param>
    /// <param name="isTls">The client speaks under TLS.</param>
    /// <param name="isEsmtp">The client said EHLO last.</param>
    /// <param name="hasLogin">It has logged in already.</param>
    public static DialogueStep UnderAuth(DialogueStep step, SmtpVerb verb, AuthConfig auth, bool isTls, bool isEsmtp, bool hasLogin) => verb switch
    {
        not SmtpVerb.Auth => step,
        _ when auth.Mode != AuthMode.Relay => DialogueStep.NotImplemented,
        _ when step != DialogueStep.Auth => step,
        _ when !isEsmtp => DialogueStep.HelloFirst,
        _ when hasLogin => DialogueStep.BadSequence,
        _ => isTls || auth.AllowWithoutTls ? step : DialogueStep.EncryptionNeeded,
    };

    /// <summary>What becomes of a step on a listener with these settings (RFC 3207 section 4).</summary>
    /// <param name="step">The step without regard to TLS.</param>
    /// <param name="verb">The command's verb.</param>
    /// <param name="tls">The listener's settings.</param>
    /// <param name="isTls">The client speaks under TLS.</param>
    public static DialogueStep UnderTls(DialogueStep step, SmtpVerb verb, ListenerTlsConfig tls, bool isTls) => verb switch
    {
        SmtpVerb.StartTls when tls.Mode != ListenerTlsMode.StartTls => DialogueStep.NotImplemented,
        SmtpVerb.StartTls => isTls ? DialogueStep.BadSequence : step,
        _ when isTls || !tls.RequireTls || step == DialogueStep.SyntaxError => step,
        SmtpVerb.Ehlo or SmtpVerb.Helo or SmtpVerb.Noop or SmtpVerb.Rset or SmtpVerb.Quit or SmtpVerb.Help => step,

        // Its octets must be skipped before it is refused.
        SmtpVerb.Bdat => step,
        _ => DialogueStep.TlsFirst,
    };
}
