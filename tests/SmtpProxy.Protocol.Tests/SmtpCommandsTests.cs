using System.Buffers;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class SmtpCommandsTests
{
    [Fact]
    public void Commands_Texts_AreWholeLines()
    {
        Assert.Equal("RSET\r\n", Wire.Text(SmtpCommands.Rset));
        Assert.Equal("QUIT\r\n", Wire.Text(SmtpCommands.Quit));
        Assert.Equal("DATA\r\n", Wire.Text(SmtpCommands.Data));
        Assert.Equal(".\r\n", Wire.Text(SmtpCommands.EndOfData));
    }

    [Fact]
    public void WriteEhloAndHelo_Hostname_StandsBehindTheVerb()
    {
        var output = new ArrayBufferWriter<byte>();
        SmtpCommands.WriteEhlo(output, "mx.example.com"u8);
        SmtpCommands.WriteHelo(output, "[192.0.2.1]"u8);

        Assert.Equal("EHLO mx.example.com\r\nHELO [192.0.2.1]\r\n", Wire.Text(output.WrittenSpan));
    }
}
