using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class EnhancedStatusCodeTests
{
    private static readonly (string Text, string Code, int Length)[] Codes =
    [
        ("2.0.0", "2.0.0", 5),
        ("2.0.0 Ok", "2.0.0", 5),
        ("4.7.1\r\n", "4.7.1", 5),
        ("5.1.1\nx", "5.1.1", 5),
        ("5.7.509 Access denied", "5.7.509", 7),
        ("5.999.999", "5.999.999", 9),
        ("4.10.0 x", "4.10.0", 6),
        ("2.6.0  two blanks", "2.6.0", 5),
    ];

    private static readonly string[] None =
    [
        "", "2", "2.", "2.0", "2.0.", "2.0. ", "2..0 x", ".0.0 x", "2.0.0x", "2.0.0.0 x", "2.0.0: x", "1.0.0 x", "3.0.0 x", "6.0.0 x", "0.0.0",
        "22.0.0", "2.1000.0 x", "2.0.1000 x", "2.-1.0 x", "2.+1.0", "2. 0.0", " 2.0.0", "Ok 2.0.0", "2,0,0 x", "2.a.b x", "\u00b2.0.0 x", "2.0.\u00b2 x",
    ];

    public static TheoryData<string, string, int> CodeTable => new(Codes);

    public static TheoryData<string> NoneTable => [.. None];

    [Theory]
    [MemberData(nameof(CodeTable))]
    public void TryParse_Code_IsRead(string text, string expected, int length)
    {
        Assert.True(EnhancedStatusCode.TryParse(Wire.Octets(text), out var code, out var read));
        Assert.Equal(expected, code.ToString());
        Assert.Equal(length, read);
        Assert.False(code.IsNone);
        Assert.Equal(expected[0] - '0', code.Class);
    }

    [Theory]
    [MemberData(nameof(NoneTable))]
    public void TryParse_OtherText_IsNoCode(string text)
    {
        Assert.False(EnhancedStatusCode.TryParse(Wire.Octets(text), out var code, out _));
        Assert.True(code.IsNone);
        Assert.Equal("", code.ToString());
    }
}
