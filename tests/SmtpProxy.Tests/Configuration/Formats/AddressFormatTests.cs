using System.Net;
using SmtpProxy.Configuration.Formats;
using Xunit;

namespace SmtpProxy.Tests.Configuration.Formats;

public sealed class AddressFormatTests
{
    [Theory]
    [InlineData("mta1", "mta1", 25, "mta1:25")]
    [InlineData("mta1.example.com:2525", "mta1.example.com", 2525, "mta1.example.com:2525")]
    [InlineData("10.0.0.1:26", "10.0.0.1", 26, "10.0.0.1:26")]
    [InlineData("[2001:db8::1]:26", "2001:db8::1", 26, "[2001:db8::1]:26")]
    [InlineData("[::1]", "::1", 25, "[::1]:25")]
    public void HostPort_KnownForm_Reads(string text, string host, int port, string shown)
    {
        Assert.True(HostPort.TryParse(text, HostPort.SmtpPort, out var result));
        Assert.Equal((host, port, shown), (result.Host, result.Port, result.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":25")]
    [InlineData("::1")]
    [InlineData("[127.0.0.1]:25")]
    [InlineData("[::1:25")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("host: 25")]
    [InlineData("127.1:25")]
    [InlineData("1:25")]
    [InlineData("a b:25")]
    [InlineData("a..b:25")]
    [InlineData("http://host:25")]
    public void HostPort_AnythingElse_IsNone(string text) => Assert.False(HostPort.TryParse(text, HostPort.SmtpPort, out _));

    [Theory]
    [InlineData("127.0.0.1:25", "127.0.0.1", 25, false, true)]
    [InlineData("127.0.0.1:0", "127.0.0.1", 0, false, true)]
    [InlineData("0.0.0.0:25", "0.0.0.0", 25, false, false)]
    [InlineData("[::]:25", "::", 25, false, false)]
    [InlineData("*:25", "::", 25, true, false)]
    [InlineData("localhost:2525", "::1", 2525, true, true)]
    public void ListenAddress_KnownForm_Reads(string text, string address, int port, bool isPair, bool isLoopback)
    {
        Assert.True(ListenAddress.TryParse(text, out var result));
        Assert.Equal(new ListenAddress(IPAddress.Parse(address), port, isPair), result);
        Assert.Equal(isLoopback, result.IsLoopback);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("*")]
    [InlineData("*:0")]
    [InlineData("localhost:0")]
    [InlineData("mx.example.com:25")]
    [InlineData("25")]
    public void ListenAddress_AnythingElse_IsNone(string text) => Assert.False(ListenAddress.TryParse(text, out _));

    [Theory]
    [InlineData("*:25", "127.0.0.1:25", true)]
    [InlineData("*:25", "[::1]:25", true)]
    [InlineData("0.0.0.0:25", "10.0.0.1:25", true)]
    [InlineData("0.0.0.0:25", "[::1]:25", false)]
    [InlineData("localhost:25", "127.0.0.1:25", true)]
    [InlineData("localhost:25", "10.0.0.1:25", false)]
    [InlineData("127.0.0.1:25", "127.0.0.1:26", false)]
    [InlineData("127.0.0.1:0", "127.0.0.1:0", false)]
    [InlineData("*:25", "*:25", true)]
    public void ListenAddress_Overlaps_BothWays(string first, string second, bool expected)
    {
        Assert.True(ListenAddress.TryParse(first, out var one));
        Assert.True(ListenAddress.TryParse(second, out var other));

        Assert.Equal((expected, expected), (one.Overlaps(other), other.Overlaps(one)));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("2001:db8::/32", "2001:db8:1::1", true)]
    public void NetworkSyntax_Network_HoldsItsAddresses(string text, string address, bool expected)
    {
        Assert.True(NetworkSyntax.TryParse(text, out var network));
        Assert.Equal(expected, network.Contains(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("SIZE 10240000", true)]
    [InlineData("size", true)]
    [InlineData("AUTH PLAIN LOGIN", true)]
    [InlineData("SIZE big", false)]
    [InlineData("SIZE  1", false)]
    [InlineData("STARTTLS", false)]
    [InlineData("XEXCH50", false)]
    [InlineData("DSN\r\n250 XCLIENT", false)]
    [InlineData("", false)]
    public void CapabilityLine_Line_IsValidWhenRelayable(string line, bool expected) =>
        Assert.Equal(expected, CapabilityLine.IsValid(line));

    [Theory]
    [InlineData("PoolSizes", "PoolSize")]
    [InlineData("poolsize", "PoolSize")]
    [InlineData("PolSoize", "PoolSize")]
    [InlineData("PoolAgeMax", null)]
    [InlineData("", null)]
    public void NearestName_Typo_FindsWhatWasMeant(string name, string? expected) =>
        Assert.Equal(expected, NearestName.Find(name, ["PoolIdle", "PoolSize", "MaxAttempts"]));
}
