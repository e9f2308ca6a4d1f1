using SmtpProxy.Protocol.Scripts;
using Xunit;

namespace SmtpProxy.Protocol.Tests.Scripts;

public sealed class SmtpStepTests
{
    [Fact]
    public void Send_OneLine_IsKept()
    {
        var line = Wire.Octets("MAIL FROM:<\u00fc@b>\r\n");
        var step = SmtpStep.Send(SmtpPhase.Mail, line);
        line[0] = (byte)'X';

        Assert.Equal("MAIL FROM:<\u00fc@b>\r\n", Wire.Text(step.Octets.Span));
        Assert.Empty(step.Otherwise);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("RSET")]
    [InlineData("RSET\n")]
    [InlineData("RSET\r\nQUIT\r\n")]
    [InlineData("RSET\r\r\n")]
    [InlineData("RSET\0\r\n")]
    [InlineData("RSET\x7f\r\n")]
    [InlineData("RSET\r\n ")]
    public void Send_OtherThanOneLine_IsRefused(string line) =>
        Assert.Throws<ArgumentException>(() => SmtpStep.Send(SmtpPhase.Reset, Wire.Octets(line)));
}
