using SmtpProxy.Host.Admin;
using Xunit;

namespace SmtpProxy.FunctionalTests.Host;

public sealed class PercentTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a+b@c", "a+b@c")]
    [InlineData("a%2Bb%40c", "a+b@c")]
    [InlineData("%2f%2F", "//")]
    [InlineData("%25%32%46", "%2F")]
    [InlineData("%C3%A9", "\u00e9")]
    [InlineData("%E9", "\u00e9")]
    [InlineData("\u00e9%40x", "\u00e9@x")]
    public void TryDecode_Valid_GivesText(string encoded, string expected)
    {
        Assert.True(PercentText.TryDecode(encoded, out var text));
        Assert.Equal(expected, text);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("a%4")]
    [InlineData("%zz")]
    [InlineData("%+1")]
    [InlineData("% 1")]
    public void TryDecode_Malformed_Fails(string encoded) => Assert.False(PercentText.TryDecode(encoded, out _));

    [Theory]
    [InlineData("/a/b%2Fc", "b%2Fc")]
    [InlineData("/a/b?c=/d", "b")]
    [InlineData("/a/b/", "b")]
    [InlineData("http://host/a/b", "b")]
    public void LastSegment_OfATarget_IsFound(string target, string expected) =>
        Assert.Equal(expected, PercentText.LastSegment(target).ToString());

    [Theory]
    [InlineData("/x?a=1&b=2", "b", "2")]
    [InlineData("/x?ab=1&b=", "b", "")]
    [InlineData("/x?b=1=2", "b", "1=2")]
    [InlineData("/x?ab=1", "b", null)]
    [InlineData("/x", "b", null)]
    public void FindParameter_InATarget_GivesItsRawValue(string target, string name, string? expected) =>
        Assert.Equal(expected, PercentText.FindParameter(target, name));
}
