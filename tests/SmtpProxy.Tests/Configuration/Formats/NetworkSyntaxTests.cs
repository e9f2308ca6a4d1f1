using SmtpProxy.Configuration.Formats;
using Xunit;

namespace SmtpProxy.Tests.Configuration.Formats;

public sealed class NetworkSyntaxTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.0.0.1", "10.0.0.1/32")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("2001:db8::1", "2001:db8::1/128")]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1/32")]
    [InlineData("::ffff:a00:1/128", "10.0.0.1/32")]
    [InlineData("::ffff:0.0.0.0/96", "0.0.0.0/0")]
    [InlineData("::/0", "::/0")]
    public void TryParse_Network_IsReadInTheFormThatClientsAreComparedIn(string text, string network)
    {
        Assert.True(NetworkSyntax.TryParse(text, out var read));
        Assert.Equal(network, read.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.1/16")]
    [InlineData("::ffff:10.0.0.0/95")]
    [InlineData("mx.example.com")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(NetworkSyntax.TryParse(text, out _));
}
