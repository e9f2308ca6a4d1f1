using SmtpProxy.Protocol.Scripts;
using Xunit;

namespace SmtpProxy.Protocol.Tests.Scripts;

public sealed class SmtpScriptTests
{
    [Fact]
    public void Handshake_Steps_GreetWithEhloAndFallBackToHelo()
    {
        var steps = SmtpScript.Handshake("mx.example.com"u8).Steps;

        Assert.Equal([SmtpStepKind.Expect, SmtpStepKind.Send, SmtpStepKind.ExpectCapabilities], steps.Select(static step => step.Kind));
        Assert.Equal([SmtpPhase.Greeting, SmtpPhase.Ehlo, SmtpPhase.Ehlo], steps.Select(static step => step.Phase));
        Assert.Equal("EHLO mx.example.com\r\n", Wire.Text(steps[1].Octets.Span));
        Assert.Equal([SmtpStepKind.Send, SmtpStepKind.Expect], steps[2].Otherwise.Select(static step => step.Kind));
        Assert.Equal("HELO mx.example.com\r\n", Wire.Text(steps[2].Otherwise[0].Octets.Span));
        Assert.All(steps.Concat(steps[2].Otherwise).Where(static step => step.Kind != SmtpStepKind.Send), static step => Assert.Equal(2, step.ReplyClass));
    }

    [Fact]
    public void Handshake_HostileHostname_IsRefused() =>
        Assert.Throws<ArgumentException>(static () => SmtpScript.Handshake("mx\r\nMAIL FROM:<a@b>"u8));

    [Fact]
    public void ResetAndQuit_Steps_SendOneCommandAndExpectItsReply()
    {
        Assert.Equal("RSET\r\n", Wire.Text(SmtpScript.Reset.Steps[0].Octets.Span));
        Assert.Equal("QUIT\r\n", Wire.Text(SmtpScript.Quit.Steps[0].Octets.Span));
        Assert.Equal((SmtpStepKind.Expect, SmtpPhase.Reset, 2), (SmtpScript.Reset.Steps[1].Kind, SmtpScript.Reset.Steps[1].Phase, SmtpScript.Reset.Steps[1].ReplyClass));
        Assert.Equal((SmtpStepKind.Expect, SmtpPhase.Quit, 2), (SmtpScript.Quit.Steps[1].Kind, SmtpScript.Quit.Steps[1].Phase, SmtpScript.Quit.Steps[1].ReplyClass));
    }
}
