using SmtpProxy.Configuration;
using SmtpProxy.Protocol;
using SmtpProxy.Sessions;
using Xunit;

namespace SmtpProxy.Tests.Sessions;

public class ClientDialogueTests
{
    [Theory]
    [InlineData(SmtpVerb.None, false, true, "None", "SyntaxError")]
    [InlineData(SmtpVerb.Unknown, true, true, "Envelope", "NotImplemented")]
    [InlineData(SmtpVerb.Ehlo, true, false, "None", "Greet")]
    [InlineData(SmtpVerb.Ehlo, false, false, "None", "BadArgument")]
    [InlineData(SmtpVerb.Helo, true, true, "Envelope", "Greet")]
    [InlineData(SmtpVerb.Mail, true, false, "None", "HelloFirst")]
    [InlineData(SmtpVerb.Mail, true, true, "None", "Mail")]
    [InlineData(SmtpVerb.Mail, true, true, "Envelope", "NestedMail")]
    [InlineData(SmtpVerb.Rcpt, true, true, "None", "BadSequence")]
    [InlineData(SmtpVerb.Rcpt, true, true, "Envelope", "Rcpt")]
    [InlineData(SmtpVerb.Data, false, true, "None", "BadSequence")]
    [InlineData(SmtpVerb.Data, true, true, "Envelope", "BadArgument")]
    [InlineData(SmtpVerb.Data, false, true, "Envelope", "Data")]
    [InlineData(SmtpVerb.Bdat, true, true, "Envelope", "Bdat")]
    [InlineData(SmtpVerb.Bdat, true, true, "BinaryEnvelope", "Bdat")]
    [InlineData(SmtpVerb.Bdat, true, true, "Chunks", "Bdat")]
    [InlineData(SmtpVerb.Bdat, true, true, "None", "StrayBdat")]
    [InlineData(SmtpVerb.Bdat, true, false, "None", "StrayBdat")]
    [InlineData(SmtpVerb.Mail, true, true, "BinaryEnvelope", "NestedMail")]
    [InlineData(SmtpVerb.Mail, true, true, "Chunks", "NestedMail")]
    [InlineData(SmtpVerb.Rcpt, true, true, "BinaryEnvelope", "Rcpt")]
    [InlineData(SmtpVerb.Rcpt, true, true, "Chunks", "BadSequence")]
    [InlineData(SmtpVerb.Data, false, true, "BinaryEnvelope", "BadSequence")]
    [InlineData(SmtpVerb.Data, false, true, "Chunks", "BadSequence")]
    [InlineData(SmtpVerb.Rset, false, true, "Chunks", "Reset")]
    [InlineData(SmtpVerb.Ehlo, true, true, "Chunks", "Greet")]
    [InlineData(SmtpVerb.Rset, false, false, "None", "Reset")]
    [InlineData(SmtpVerb.Rset, true, false, "None", "BadArgument")]
    [InlineData(SmtpVerb.Quit, false, false, "Envelope", "Quit")]
    [InlineData(SmtpVerb.Noop, true, false, "Envelope", "Ok")]
    [InlineData(SmtpVerb.Help, true, false, "Envelope", "Help")]
    [InlineData(SmtpVerb.Vrfy, true, false, "Envelope", "Verify")]
    [InlineData(SmtpVerb.Vrfy, false, false, "Envelope", "BadArgument")]
    [InlineData(SmtpVerb.Expn, true, true, "None", "NotImplemented")]
    [InlineData(SmtpVerb.Etrn, true, true, "None", "NotImplemented")]
    [InlineData(SmtpVerb.StartTls, false, true, "None", "StartTls")]
    [InlineData(SmtpVerb.StartTls, true, true, "None", "BadArgument")]
    [InlineData(SmtpVerb.Auth, true, true, "None", "Auth")]
    public void Next_EachVerbInEachState_IsTheStepOfTheTable(
        SmtpVerb verb, bool hasArgument, bool isGreeted, string state, string expected) =>
        Assert.Equal(expected, ClientDialogue.Next(verb, hasArgument, isGreeted, Enum.Parse<DialogueState>(state)).ToString());

    [Theory]
    [InlineData(SmtpVerb.StartTls, "None", false, false, "NotImplemented")]
    [InlineData(SmtpVerb.StartTls, "Implicit", true, true, "NotImplemented")]
    [InlineData(SmtpVerb.StartTls, "StartTls", false, false, "StartTls")]
    [InlineData(SmtpVerb.StartTls, "StartTls", true, false, "StartTls")]
    [InlineData(SmtpVerb.StartTls, "StartTls", true, true, "BadSequence")]
    [InlineData(SmtpVerb.Mail, "StartTls", true, false, "TlsFirst")]
    [InlineData(SmtpVerb.Mail, "StartTls", true, true, "Mail")]
    [InlineData(SmtpVerb.Mail, "StartTls", false, false, "Mail")]
    [InlineData(SmtpVerb.Auth, "StartTls", true, false, "TlsFirst")]
    [InlineData(SmtpVerb.Unknown, "StartTls", true, false, "TlsFirst")]
    [InlineData(SmtpVerb.Noop, "StartTls", true, false, "Ok")]
    [InlineData(SmtpVerb.Rset, "StartTls", true, false, "Reset")]
    [InlineData(SmtpVerb.Quit, "StartTls", true, false, "Quit")]
    [InlineData(SmtpVerb.Help, "StartTls", true, false, "Help")]
    public void UnderTls_EachVerb_IsWhatTheListenerAllows(SmtpVerb verb, string mode, bool isRequired, bool isTls, string expected)
    {
        var tls = new ListenerTlsConfig { Mode = Enum.Parse<ListenerTlsMode>(mode), RequireTls = isRequired };
        var step = ClientDialogue.Next(verb, hasArgument: verb is SmtpVerb.Mail or SmtpVerb.Auth, isGreeted: true, DialogueState.None);

        Assert.Equal(expected, ClientDialogue.UnderTls(step, verb, tls, isTls).ToString());
    }
}
