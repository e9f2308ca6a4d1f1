using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class EnvelopeParserUtf8Tests
{
    private static readonly string[] Utf8Paths =
    [
        Wire.Utf8("ü@example.com"),
        Wire.Utf8("用户@例え.jp"),
        Wire.Utf8("a@bücher.example"),
        Wire.Utf8("\"ü ü\"@example.com"),
        Wire.Utf8("😀"),
    ];

    // A lone continuation, Latin-1, cut short, overlong, a surrogate, beyond Unicode, Telnet commands.
    private static readonly string[] NotUtf8Paths =
    [
        "\u0080@example.com", "\u00fc@example.com", "a@\u00c3", "\u00e2\u0082@example.com", "\u00c0\u00af@example.com", "\u00ed\u00a0\u0080@example.com",
        "\u00f5\u0080\u0080\u0080@example.com", "a\u00ff\u00f4@example.com", "\"\u00fc\"@example.com",
    ];

    public static TheoryData<string> Utf8Table => [.. Utf8Paths];

    public static TheoryData<string> NotUtf8Table => [.. NotUtf8Paths];

    [Theory]
    [MemberData(nameof(Utf8Table))]
    public void ParseMail_Utf8Path_NeedsSmtpUtf8(string path)
    {
        Assert.Equal(EnvelopeStatus.NonAsciiPath, EnvelopeParser.ParseMail(Wire.Octets($"FROM:<{path}>"), lenient: true).Status);
        Assert.Equal(EnvelopeStatus.NonAsciiPath, EnvelopeParser.ParseMail(Wire.Octets($"FROM:<{path}> BODY=8BITMIME"), lenient: true).Status);

        var command = EnvelopeParser.ParseMail(Wire.Octets($"FROM:<{path}> BODY=8BITMIME smtputf8"), lenient: false);
        Assert.Equal(EnvelopeStatus.Ok, command.Status);
        Assert.True(command.HasUtf8Path);
        Assert.Equal(path, Wire.Text(command.Path.Octets));
    }

    [Theory]
    [MemberData(nameof(Utf8Table))]
    public void ParseRecipient_Utf8Path_IsReported(string path)
    {
        // Whether the transaction asked for SMTPUTF8 only its MAIL can say.
        var command = EnvelopeParser.ParseRecipient(Wire.Octets($"TO:<{path}>"), lenient: false);

        Assert.Equal(EnvelopeStatus.Ok, command.Status);
        Assert.True(command.HasUtf8Path);
    }

    [Theory]
    [MemberData(nameof(NotUtf8Table))]
    public void Parse_InvalidUtf8_IsRefused(string path)
    {
        Assert.Equal(EnvelopeStatus.NonAsciiPath, EnvelopeParser.ParseMail(Wire.Octets($"FROM:<{path}>"), lenient: true).Status);
        Assert.Equal(EnvelopeStatus.NonAsciiPath, EnvelopeParser.ParseMail(Wire.Octets($"FROM:<{path}> SMTPUTF8"), lenient: true).Status);
        Assert.Equal(EnvelopeStatus.NonAsciiPath, EnvelopeParser.ParseRecipient(Wire.Octets($"TO:<{path}>"), lenient: true).Status);
    }

    [Fact]
    public void ParseMail_SmtpUtf8WithAsciiPath_IsRequiredAllTheSame()
    {
        var command = EnvelopeParser.ParseMail("FROM:<a@b> SMTPUTF8"u8, lenient: true);

        Assert.False(command.HasUtf8Path);
        Assert.Equal(SmtpExtensions.SmtpUtf8, command.Required);
    }
}
