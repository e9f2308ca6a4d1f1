using System.Reflection;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class SmtpRepliesTests
{
    private const int LongestLine = 512;

    private delegate ReadOnlySpan<byte> Reader();

    // Challenges of AUTH have neither an enhanced code nor a text for people (RFC 4954 section 4).
    public static TheoryData<string> Names =>
    [
        .. typeof(SmtpReplies).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(static property => property.Name)
            .Where(static name => !name.EndsWith("Challenge", StringComparison.Ordinal)),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Reply_Text_IsOneWellFormedLine(string name)
    {
        var text = Read(name);
        var code = text[..3];
        var isRefusal = code[0] is '4' or '5';
        var line = isRefusal ? text : text[..^2];

        Assert.Matches("^[245][0-5][0-9] [245]\\.[0-9]+\\.[0-9]+ [!-~]", text);
        Assert.True(EnhancedStatusCode.TryParse(Wire.Octets(text[4..]), out var enhanced, out _));
        Assert.Equal(code[0] - '0', enhanced.Class);
        Assert.True(isRefusal || text.EndsWith("\r\n", StringComparison.Ordinal));
        Assert.All(line, static octet => Assert.InRange(octet, ' ', '~'));
        Assert.Equal(line.TrimEnd(), line);
        Assert.InRange(line.Length, 10, LongestLine - 64);
    }

    [Fact]
    public void Replies_Texts_AreAllDifferent()
    {
        var texts = Names.Select(static name => Read(name.Data)).ToArray();

        Assert.Equal(texts.Length, texts.Distinct().Count());
        Assert.InRange(texts.Length, 20, 100);
    }

    private static string Read(string name) => Wire.Text(typeof(SmtpReplies).GetProperty(name)!.GetMethod!.CreateDelegate<Reader>()());
}
