using System.Buffers;
using System.Text;
using SmtpProxy.Connections;
using Xunit;

namespace SmtpProxy.Tests.Connections;

public class ProxyHeaderTextTests
{
    [Theory]
    [InlineData("PROXY TCP4 x\r\nMAIL FROM:<secret@example.com>\r\n", "PROXY TCP4 x")]
    [InlineData("PROXY \x1b[31m\t\0\\é\nnext", "PROXY \\x1B[31m\\x09\\x00\\x5C\\xE9")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n!\x11\0\u000cabcd", "0D0A0D0A000D0A515549540A2111000C")]
    [InlineData("", "")]
    public void Show_Octets_AreOneBoundedLineOfPrintableText(string octets, string expected) =>
        Assert.Equal(expected, ProxyHeaderText.Show(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(octets))));

    [Fact]
    public void Show_EndlessLine_IsCut() =>
        Assert.Equal(107, ProxyHeaderText.Show(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(new string('x', 5000)))).Length);
}
