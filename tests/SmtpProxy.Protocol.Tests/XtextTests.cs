using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class XtextTests
{
    private static readonly (string Text, bool IsValid)[] Texts =
    [
        ("", true), ("a", true), ("!~", true), ("a@example.com", true), ("+2B", true), ("+3D+00+FF", true), ("a+2Bb", true), ("[UNAVAILABLE]", true),
        (" ", false), ("a b", false), ("a=b", false), ("=", false), ("+", false), ("+2", false), ("a+", false), ("a+4", false), ("+2b", false),
        ("+G0", false), ("+0G", false), ("++2B", false), ("+ 2B", false), ("+2+2B", false), ("\t", false), ("\0", false), ("a\r\n", false),
        ("\x7f", false), ("\u0080", false), ("\u00ff", false),
    ];

    public static TheoryData<string, bool> TextTable => new(Texts);

    [Theory]
    [MemberData(nameof(TextTable))]
    public void IsValid_Text_IsDecided(string text, bool isValid) => Assert.Equal(isValid, Xtext.IsValid(Wire.Octets(text)));

    [Fact]
    public void Encode_EveryOctet_IsValidAndKeepsWhatIsPlain()
    {
        Span<byte> encoded = stackalloc byte[3];
        for (var octet = 0; octet < 256; octet++)
        {
            var length = Xtext.Encode([(byte)octet], encoded);

            Assert.True(Xtext.IsValid(encoded[..length]));
            Assert.Equal(Xtext.IsValid([(byte)octet]) ? $"{(char)octet}" : $"+{octet:X2}", Wire.Text(encoded[..length]));
        }
    }

    [Fact]
    public void Encode_NoRoom_EndsBehindAWholeOctet()
    {
        Span<byte> encoded = stackalloc byte[5];

        Assert.Equal("a+2B", Wire.Text(encoded[..Xtext.Encode("a++"u8, encoded)]));
    }

    [Fact]
    public void IsValid_EveryOctet_IsPrintableAsciiWithoutPlusAndEquals()
    {
        for (var octet = 0; octet < 256; octet++)
        {
            Assert.Equal(octet is > ' ' and <= '~' and not '+' and not '=', Xtext.IsValid([(byte)octet]));
        }
    }
}
