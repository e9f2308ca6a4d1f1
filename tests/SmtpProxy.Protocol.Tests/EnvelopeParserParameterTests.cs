using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class EnvelopeParserParameterTests
{
    private static readonly (string Parameters, SmtpExtensions Required)[] MailParameters =
    [
        ("", SmtpExtensions.None),
        ("SIZE=1000", SmtpExtensions.Size),
        ("BODY=7BIT", SmtpExtensions.EightBitMime),
        ("BODY=8BITMIME", SmtpExtensions.EightBitMime),
        ("BODY=BINARYMIME", SmtpExtensions.BinaryMime | SmtpExtensions.Chunking),
        ("SMTPUTF8", SmtpExtensions.SmtpUtf8),
        ("RET=FULL", SmtpExtensions.Dsn),
        ("RET=HDRS", SmtpExtensions.Dsn),
        ("ENVID=QQ314159+2Bx", SmtpExtensions.Dsn),
        ("AUTH=<>", SmtpExtensions.Auth),
        ("AUTH=e+3Dmc2@example.com", SmtpExtensions.Auth),
        ("BY=120;R", SmtpExtensions.DeliverBy),
        ("BY=-10;NT", SmtpExtensions.DeliverBy),
        ("HOLDFOR=86400", SmtpExtensions.FutureRelease),
        ("HOLDUNTIL=2030-01-01T00:00:00Z", SmtpExtensions.FutureRelease),
        ("MT-PRIORITY=-3", SmtpExtensions.MtPriority),
        ("REQUIRETLS", SmtpExtensions.RequireTls),
        ("SIZE=1 BODY=8BITMIME RET=HDRS", SmtpExtensions.Size | SmtpExtensions.EightBitMime | SmtpExtensions.Dsn),
        ("RET=HDRS  BODY=8BITMIME\tSIZE=1", SmtpExtensions.Size | SmtpExtensions.EightBitMime | SmtpExtensions.Dsn),
    ];

    private static readonly (string Parameters, SmtpExtensions Required)[] RecipientParameters =
    [
        ("", SmtpExtensions.None),
        ("NOTIFY=NEVER", SmtpExtensions.Dsn),
        ("NOTIFY=SUCCESS,FAILURE,DELAY", SmtpExtensions.Dsn),
        ("ORCPT=rfc822;a+2Bb@example.com", SmtpExtensions.Dsn),
        ("ORCPT=utf-8;\\x{FC}@example.com NOTIFY=DELAY", SmtpExtensions.Dsn),
    ];

    private static readonly (string Parameters, EnvelopeStatus Status)[] BadMailParameters =
    [
        ("X-FOO=bar", EnvelopeStatus.UnknownParameter),
        ("X-FOO", EnvelopeStatus.UnknownParameter),
        ("=", EnvelopeStatus.UnknownParameter),
        ("SIZ=1", EnvelopeStatus.UnknownParameter),
        ("SIZES=1", EnvelopeStatus.UnknownParameter),
        ("NOTIFY=NEVER", EnvelopeStatus.UnknownParameter),
        ("S\u00cdZE=1", EnvelopeStatus.UnknownParameter),
        ("SIZE=5 SIZE=6", EnvelopeStatus.DuplicateParameter),
        ("SIZE=5 BODY=7BIT size=5", EnvelopeStatus.DuplicateParameter),
        ("SMTPUTF8 SMTPUTF8", EnvelopeStatus.DuplicateParameter),
        ("SIZE", EnvelopeStatus.BadParameter),
        ("SIZE=", EnvelopeStatus.BadParameter),
        ("SIZE=-1", EnvelopeStatus.BadParameter),
        ("SIZE=1K", EnvelopeStatus.BadParameter),
        ("SIZE==1", EnvelopeStatus.BadParameter),
        ("SIZE = 1", EnvelopeStatus.BadParameter),
        ("SIZE=123456789012345678901", EnvelopeStatus.BadParameter),
        ("SIZE=99999999999999999999", EnvelopeStatus.BadParameter),
        ("SIZE=9223372036854775808", EnvelopeStatus.BadParameter),
        ("BODY=9BIT", EnvelopeStatus.BadParameter),
        ("BODY", EnvelopeStatus.BadParameter),
        ("BODY=8BITMIME2", EnvelopeStatus.BadParameter),
        ("SMTPUTF8=1", EnvelopeStatus.BadParameter),
        ("SMTPUTF8=", EnvelopeStatus.BadParameter),
        ("REQUIRETLS=yes", EnvelopeStatus.BadParameter),
        ("RET=BODY", EnvelopeStatus.BadParameter),
        ("ENVID=a=b", EnvelopeStatus.BadParameter),
        ("ENVID=a+2", EnvelopeStatus.BadParameter),
        ("AUTH=<a@b>x=", EnvelopeStatus.BadParameter),
        ("AUTH", EnvelopeStatus.BadParameter),
        ("BY=\u00fc", EnvelopeStatus.BadParameter),
        ("HOLDFOR=1\0", EnvelopeStatus.BadParameter),
    ];

    private static readonly (string Parameters, EnvelopeStatus Status)[] BadRecipientParameters =
    [
        ("SIZE=1", EnvelopeStatus.UnknownParameter),
        ("NOTIFY=NEVER NOTIFY=DELAY", EnvelopeStatus.DuplicateParameter),
        ("NOTIFY", EnvelopeStatus.BadParameter),
        ("NOTIFY=", EnvelopeStatus.BadParameter),
        ("ORCPT=a@b", EnvelopeStatus.BadParameter),
        ("ORCPT=;a@b", EnvelopeStatus.BadParameter),
        ("ORCPT=rfc822;a=b", EnvelopeStatus.BadParameter),
        ("ORCPT=rfc\u00ff;a", EnvelopeStatus.BadParameter),
    ];

    private static readonly (string Value, long Size)[] Sizes =
    [
        ("0", 0), ("1", 1), ("0001000", 1_000), ("10485760", 10_485_760), ("9223372036854775807", long.MaxValue),
        ("00000000000000000001", 1),
    ];

    public static TheoryData<string, SmtpExtensions> MailTable => new(MailParameters);

    public static TheoryData<string, SmtpExtensions> RecipientTable => new(RecipientParameters);

    public static TheoryData<string, EnvelopeStatus> BadMailTable => new(BadMailParameters);

    public static TheoryData<string, EnvelopeStatus> BadRecipientTable => new(BadRecipientParameters);

    public static TheoryData<string, long> SizeTable => new(Sizes);

    [Theory]
    [MemberData(nameof(MailTable))]
    public void ParseMail_Parameters_SayWhatTheyRequire(string parameters, SmtpExtensions required)
    {
        // Hexadecimal digits in xtext are upper case; all else may be either.
        var lower = parameters.ToLowerInvariant().Replace("+3d", "+3D", StringComparison.Ordinal).Replace("+2b", "+2B", StringComparison.Ordinal);
        foreach (var cased in new[] { parameters, lower })
        {
            foreach (var path in new[] { "<a@b>", "<>", "a@b", "<\"x SIZE=y\"@b>" })
            {
                var command = EnvelopeParser.ParseMail(Wire.Octets($"FROM:{path} {cased} "), lenient: true);

                Assert.Equal(EnvelopeStatus.Ok, command.Status);
                Assert.Equal(required, command.Required);
                Assert.Equal(cased, Wire.Text(command.Parameters));
            }
        }
    }

    [Theory]
    [MemberData(nameof(RecipientTable))]
    public void ParseRecipient_Parameters_SayWhatTheyRequire(string parameters, SmtpExtensions required)
    {
        var command = EnvelopeParser.ParseRecipient(Wire.Octets($"TO:<a@b> {parameters}"), lenient: false);

        Assert.Equal(EnvelopeStatus.Ok, command.Status);
        Assert.Equal(required, command.Required);
        Assert.Equal(parameters, Wire.Text(command.Parameters));
        Assert.Equal(-1, command.Size);
    }

    [Theory]
    [MemberData(nameof(BadMailTable))]
    public void ParseMail_BadParameters_AreRefused(string parameters, EnvelopeStatus status)
    {
        Assert.Equal(status, EnvelopeParser.ParseMail(Wire.Octets($"FROM:<a@b> {parameters}"), lenient: true).Status);
        Assert.Equal(status, EnvelopeParser.ParseMail(Wire.Octets($"FROM:<a@b> MT-PRIORITY=1 {parameters} HOLDUNTIL=x"), lenient: true).Status);
    }

    [Theory]
    [MemberData(nameof(BadRecipientTable))]
    public void ParseRecipient_BadParameters_AreRefused(string parameters, EnvelopeStatus status) =>
        Assert.Equal(status, EnvelopeParser.ParseRecipient(Wire.Octets($"TO:<a@b> {parameters}"), lenient: true).Status);

    [Theory]
    [MemberData(nameof(SizeTable))]
    public void ParseMail_Size_IsRead(string value, long size) =>
        Assert.Equal(size, EnvelopeParser.ParseMail(Wire.Octets($"FROM:<a@b> BODY=7BIT SIZE={value}"), lenient: true).Size);

    [Theory]
    [InlineData("SIZE=1", BodyType.None, 1)]
    [InlineData("body=7bit", BodyType.SevenBit, -1)]
    [InlineData("Body=8bitMime", BodyType.EightBitMime, -1)]
    [InlineData("BODY=BinaryMIME", BodyType.BinaryMime, -1)]
    public void ParseMail_Body_IsRead(string parameters, BodyType body, long size)
    {
        var command = EnvelopeParser.ParseMail(Wire.Octets("FROM:<a@b> " + parameters), lenient: true);

        Assert.Equal(body, command.Body);
        Assert.Equal(size, command.Size);
    }
}
