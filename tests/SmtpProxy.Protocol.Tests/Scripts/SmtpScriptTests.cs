using System.Net;
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
        Assert.Equal([2, 2, 2], new[] { steps[0], steps[2], steps[2].Otherwise[1] }.Select(static step => step.ReplyClass));
    }

    [Fact]
    public void Handshake_HostileHostname_IsRefused() =>
        Assert.Throws<ArgumentException>(static () => SmtpScript.Handshake("mx\r\nMAIL FROM:<a@b>"u8));

    [Fact]
    public void Reset_Steps_SendOneCommandAndExpectItsReply() => CheckOneCommand(SmtpScript.Reset, SmtpPhase.Reset, "RSET\r\n");

    [Fact]
    public void Quit_Steps_SendOneCommandAndExpectItsReply() => CheckOneCommand(SmtpScript.Quit, SmtpPhase.Quit, "QUIT\r\n");

    [Fact]
    public void XClient_Steps_TellTheClientAndBeginAnewUnderItsName()
    {
        var client = new ForwardedClient(IPEndPoint.Parse("192.0.2.7:40000"), IPEndPoint.Parse("192.0.2.25:25"), "c.example.com", true);

        var steps = SmtpScript.XClient(ClientAttributes.Address | ClientAttributes.Port, client, "mx.example.com"u8).Steps;

        Assert.Equal(
            [SmtpStepKind.Send, SmtpStepKind.Expect, SmtpStepKind.Send, SmtpStepKind.ExpectCapabilities], steps.Select(static step => step.Kind));
        Assert.Equal([SmtpPhase.XClient, SmtpPhase.XClient, SmtpPhase.Ehlo, SmtpPhase.Ehlo], steps.Select(static step => step.Phase));
        Assert.Equal("XCLIENT PORT=40000 ADDR=192.0.2.7\r\n", Wire.Text(steps[0].Octets.Span));
        Assert.Equal("EHLO c.example.com\r\n", Wire.Text(steps[2].Octets.Span));
    }

    [Fact]
    public void XClient_ClientWithoutAName_BeginsAnewUnderTheProxysName()
    {
        var client = new ForwardedClient(IPEndPoint.Parse("192.0.2.7:40000"), IPEndPoint.Parse("192.0.2.25:25"), "", true);

        Assert.Equal("EHLO mx.example.com\r\n", Wire.Text(SmtpScript.XClient(ClientAttributes.Address, client, "mx.example.com"u8).Steps[2].Octets.Span));
    }

    private static void CheckOneCommand(SmtpScript script, SmtpPhase phase, string line)
    {
        Assert.Equal([SmtpStepKind.Send, SmtpStepKind.Expect], script.Steps.Select(static step => step.Kind));
        Assert.All(script.Steps, step => Assert.Equal(phase, step.Phase));
        Assert.Equal(line, Wire.Text(script.Steps[0].Octets.Span));
        Assert.Equal(2, script.Steps[1].ReplyClass);
    }
}
