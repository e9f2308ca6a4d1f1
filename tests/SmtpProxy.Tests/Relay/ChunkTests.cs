using System.Buffers;
using System.Text;
using SmtpProxy.Relay;
using Xunit;

namespace SmtpProxy.Tests.Relay;

public class ChunkTests
{
    [Theory]
    [InlineData("10", 10, false)]
    [InlineData("0", 0, false)]
    [InlineData("10 LAST", 10, true)]
    [InlineData("0 last", 0, true)]
    [InlineData("007 \t LaSt", 7, true)]
    [InlineData("9223372036854775807", long.MaxValue, false)]
    public void TryParse_SizeAndLast_AreRead(string argument, long size, bool isLast)
    {
        Assert.True(Chunk.TryParse(Encoding.ASCII.GetBytes(argument), out var chunk));
        Assert.Equal(new Chunk(size, isLast), chunk);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("12x")]
    [InlineData("1,000")]
    [InlineData("1.5")]
    [InlineData("0x10")]
    [InlineData("LAST")]
    [InlineData("10LAST")]
    [InlineData("10 LASTLY")]
    [InlineData("10 LAST LAST")]
    [InlineData("10 20")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999")]
    public void TryParse_AnythingElse_IsRefused(string argument) =>
        Assert.False(Chunk.TryParse(Encoding.ASCII.GetBytes(argument), out _));

    [Theory]
    [InlineData("0", "BDAT 0\r\n")]
    [InlineData("0010   last", "BDAT 10 LAST\r\n")]
    [InlineData("9223372036854775807 LAST", "BDAT 9223372036854775807 LAST\r\n")]
    public void Write_ChunkRead_IsInStrictForm(string argument, string expected)
    {
        Assert.True(Chunk.TryParse(Encoding.ASCII.GetBytes(argument), out var chunk));
        var output = new ArrayBufferWriter<byte>();
        chunk.Write(output);
        Assert.Equal(expected, Encoding.ASCII.GetString(output.WrittenSpan));
    }
}
