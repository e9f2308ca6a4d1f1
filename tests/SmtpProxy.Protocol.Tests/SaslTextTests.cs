using System.Text;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

public class SaslTextTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("QUIT", true)]
    [InlineData("AHUxAHAx", true)]
    [InlineData("YQ==", true)]
    [InlineData("YWI=", true)]
    [InlineData("a+/9", true)]
    [InlineData("=", false)]
    [InlineData("====", false)]
    [InlineData("Y===", false)]
    [InlineData("YQ=a", false)]
    [InlineData("YQ", false)]
    [InlineData("YWI", false)]
    [InlineData("*", false)]
    [InlineData("a b=", false)]
    [InlineData("ab\nc", false)]
    [InlineData("ab\rc", false)]
    [InlineData("abc\0", false)]
    [InlineData("a-_b", false)]
    [InlineData("abc\u00ff", false)]
    public void IsBase64_Line_MustBeWholeGroups(string line, bool expected) => Assert.Equal(expected, SaslText.IsBase64(Wire.Octets(line)));

    [Fact]
    public void IsBase64_OneForeignOctetAnywhere_IsFound()
    {
        for (var at = 0; at < 12; at++)
        {
            for (var octet = 0; octet < 256; octet++)
            {
                var line = "AHUxAHAxcDEy"u8.ToArray();
                line[at] = (byte)octet;
                var isPadding = octet == '=' && at == 11;
                Assert.Equal(isPadding || char.IsAsciiLetterOrDigit((char)octet) || octet is '+' or '/', SaslText.IsBase64(line));
            }
        }
    }

    [Theory]
    [InlineData("\0u1\0p1", "u1")]
    [InlineData("admin\0u1\0p1", "u1")]
    [InlineData("\0u1@Example.com\0p\0q", "u1@Example.com")]
    [InlineData("\0u1\0", "u1")]
    [InlineData("\0j\u00f6rg\0p", "j\u00f6rg")]
    [InlineData("\0\0p1", null)]
    [InlineData("admin\0\0p1", null)]
    [InlineData("\0u1", null)]
    [InlineData("u1p1", null)]
    [InlineData("", null)]
    [InlineData("\0u\r\n1\0p1", null)]
    [InlineData("\0u\u00851\0p1", null)]
    public void UserOfPlain_Message_IsTheAuthcid(string message, string? expected) =>
        Assert.Equal(expected, SaslText.UserOfPlain(Base64(message)));

    [Theory]
    [InlineData("u1", "u1")]
    [InlineData("EXAMPLE\\u1", "EXAMPLE\\u1")]
    [InlineData("", null)]
    [InlineData("u1\0", null)]
    [InlineData("u\u001b[31m", null)]
    public void UserOfLogin_Answer_IsTheName(string answer, string? expected) => Assert.Equal(expected, SaslText.UserOfLogin(Base64(answer)));

    [Fact]
    public void User_NotText_IsNobody()
    {
        Assert.Null(SaslText.UserOfLogin("=="u8));
        Assert.Null(SaslText.UserOfLogin("/w=="u8));
        Assert.Null(SaslText.UserOfPlain("*"u8));
        Assert.Equal(new string('u', 255), SaslText.UserOfLogin(Base64(new string('u', 255))));
        Assert.Null(SaslText.UserOfLogin(Base64(new string('u', 256))));
        Assert.Equal("u", SaslText.UserOfPlain(Base64("\0u\0" + new string('p', 9000))));
    }

    [Fact]
    public void User_AnyOctets_NeverThrows()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var octets = new byte[random.Next(40)];
            random.NextBytes(octets);
            var plain = SaslText.UserOfPlain(Encoding.ASCII.GetBytes(Convert.ToBase64String(octets)));
            Assert.DoesNotContain(plain ?? "", static unit => char.IsControl(unit));
            SaslText.UserOfPlain(octets);
            SaslText.UserOfLogin(octets);
        }
    }

    private static byte[] Base64(string text) => Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
}
