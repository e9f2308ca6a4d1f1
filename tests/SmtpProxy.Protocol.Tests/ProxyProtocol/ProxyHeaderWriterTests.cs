using System.Buffers;
using System.Net;
using System.Text;
using SmtpProxy.Protocol.ProxyProtocol;
using Xunit;

namespace SmtpProxy.Protocol.Tests.ProxyProtocol;

public sealed class ProxyHeaderWriterTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.25", "PROXY TCP4 192.0.2.7 192.0.2.25 40000 25\r\n")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.25", "PROXY TCP4 192.0.2.7 192.0.2.25 40000 25\r\n")]
    [InlineData("2001:db8::7", "2001:db8::25", "PROXY TCP6 2001:db8::7 2001:db8::25 40000 25\r\n")]
    [InlineData("192.0.2.7", "2001:db8::25", "PROXY TCP6 ::ffff:192.0.2.7 2001:db8::25 40000 25\r\n")]
    [InlineData("fe80::1%3", "192.0.2.25", "PROXY TCP6 fe80::1 ::ffff:192.0.2.25 40000 25\r\n")]
    public void WriteV1_Addresses_AreInOneFamily(string source, string destination, string expected)
    {
        var output = new ArrayBufferWriter<byte>();

        ProxyHeaderWriter.WriteV1(output, EndPoint(source, 40000), EndPoint(destination, 25));

        Assert.Equal(expected, Encoding.ASCII.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.25", "0D0A0D0A000D0A515549540A" + "2111000C" + "C0000207" + "C0000219" + "9C40" + "0019")]
    [InlineData("192.0.2.7", "2001:db8::25", "0D0A0D0A000D0A515549540A" + "21210024" + "00000000000000000000FFFFC0000207"
        + "20010DB8000000000000000000000025" + "9C40" + "0019")]
    public void WriteV2_Addresses_AreInOneFamily(string source, string destination, string expected)
    {
        var output = new ArrayBufferWriter<byte>();

        ProxyHeaderWriter.WriteV2(output, EndPoint(source, 40000), EndPoint(destination, 25));

        Assert.Equal(expected, Convert.ToHexString(output.WrittenSpan));
    }

    [Fact]
    public void WriteV2Local_Always_NamesNobody()
    {
        var output = new ArrayBufferWriter<byte>();

        ProxyHeaderWriter.WriteV2Local(output);

        Assert.Equal("0D0A0D0A000D0A515549540A" + "20000000", Convert.ToHexString(output.WrittenSpan));
    }

    private static IPEndPoint EndPoint(string address, int port) => new(IPAddress.Parse(address), port);
}
