using SmtpProxy.Protocol;
using SmtpProxy.Sessions;
using Xunit;

namespace SmtpProxy.Tests.Sessions;

public class ClientDialogueTests
{
    [Theory]
    [InlineData(SmtpVerb.None, false, true, false, "SyntaxError")]
    [InlineData(SmtpVerb.Unknown, true, true, true, "NotImplemented")]
    [InlineData(SmtpVerb.Ehlo, true, false, false, "Greet")]
    [InlineData(SmtpVerb.Ehlo, false, false, false, "BadArgument")]
    [InlineData(SmtpVerb.Helo, true, true, true, "Greet")]
    [InlineData(SmtpVerb.Mail, true, false, false, "HelloFirst")]
    [InlineData(SmtpVerb.Mail, true, true, false, "Mail")]
    [InlineData(SmtpVerb.Mail, true, true, true, "NestedMail")]
    [InlineData(SmtpVerb.Rcpt, true, true, false, "BadSequence")]
    [InlineData(SmtpVerb.Rcpt, true, true, true, "Rcpt")]
    [InlineData(SmtpVerb.Data, false, true, false, "BadSequence")]
    [InlineData(SmtpVerb.Data, true, true, true, "BadArgument")]
    [InlineData(SmtpVerb.Data, false, true, true, "Data")]
    [InlineData(SmtpVerb.Bdat, true, true, true, "Bdat")]
    [InlineData(SmtpVerb.Rset, false, false, false, "Reset")]
    [InlineData(SmtpVerb.Rset, true, false, false, "BadArgument")]
    [InlineData(SmtpVerb.Quit, false, false, true, "Quit")]
    [InlineData(SmtpVerb.Noop, true, false, true, "Ok")]
    [InlineData(SmtpVerb.Help, true, false, true, "Help")]
    [InlineData(SmtpVerb.Vrfy, true, false, true, "Verify")]
    [InlineData(SmtpVerb.Vrfy, false, false, true, "BadArgument")]
    [InlineData(SmtpVerb.Expn, true, true, false, "NotImplemented")]
    [InlineData(SmtpVerb.Etrn, true, true, false, "NotImplemented")]
    [InlineData(SmtpVerb.StartTls, false, true, false, "NotImplemented")]
    [InlineData(SmtpVerb.Auth, true, true, false, "NotImplemented")]
    public void Next_EachVerbInEachState_IsTheStepOfTheTable(
        SmtpVerb verb, bool hasArgument, bool isGreeted, bool isInTransaction, string expected) =>
        Assert.Equal(expected, ClientDialogue.Next(verb, hasArgument, isGreeted, isInTransaction).ToString());
}
