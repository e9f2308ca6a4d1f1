using SmtpProxy.Configuration;
using SmtpProxy.Protocol;
using SmtpProxy.Sessions;
using Xunit;

namespace SmtpProxy.Tests.Sessions;

public class AuthDialogueTests
{
    [Theory]
    [InlineData(AuthMode.Off, true, true, true, false, "NotImplemented")]
    [InlineData(AuthMode.Relay, false, true, true, false, "Auth")]
    [InlineData(AuthMode.Relay, false, false, true, false, "EncryptionNeeded")]
    [InlineData(AuthMode.Relay, true, false, true, false, "Auth")]
    [InlineData(AuthMode.Relay, false, true, false, false, "HelloFirst")]
    [InlineData(AuthMode.Relay, false, true, true, true, "BadSequence")]
    public void UnderAuth_ListenerAndSession_Decide(AuthMode mode, bool clear, bool isTls, bool isEsmtp, bool hasLogin, string expected)
    {
        var auth = new AuthConfig { Mode = mode, AllowWithoutTls = clear };

        Assert.Equal(expected, ClientDialogue.UnderAuth(DialogueStep.Auth, SmtpVerb.Auth, auth, isTls, isEsmtp, hasLogin).ToString());
        Assert.Equal(DialogueStep.Ok, ClientDialogue.UnderAuth(DialogueStep.Ok, SmtpVerb.Noop, auth, isTls, isEsmtp, hasLogin));
    }

    [Theory]
    [InlineData(false, "None", true, "HelloFirst")]
    [InlineData(true, "Envelope", true, "BadSequence")]
    [InlineData(true, "Chunks", true, "BadSequence")]
    [InlineData(true, "None", false, "BadArgument")]
    [InlineData(true, "None", true, "Auth")]
    public void Next_Auth_HasItsPlace(bool isGreeted, string state, bool hasArgument, string expected) =>
        Assert.Equal(expected, ClientDialogue.Next(SmtpVerb.Auth, hasArgument, isGreeted, Enum.Parse<DialogueState>(state)).ToString());
}
