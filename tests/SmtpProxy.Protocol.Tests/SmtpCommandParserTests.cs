using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class SmtpCommandParserTests
{
    private static readonly (string Verb, SmtpVerb Expected)[] Verbs =
    [
        ("EHLO", SmtpVerb.Ehlo), ("HELO", SmtpVerb.Helo), ("MAIL", SmtpVerb.Mail), ("RCPT", SmtpVerb.Rcpt), ("DATA", SmtpVerb.Data),
        ("BDAT", SmtpVerb.Bdat), ("RSET", SmtpVerb.Rset), ("NOOP", SmtpVerb.Noop), ("QUIT", SmtpVerb.Quit), ("HELP", SmtpVerb.Help),
        ("VRFY", SmtpVerb.Vrfy), ("EXPN", SmtpVerb.Expn), ("ETRN", SmtpVerb.Etrn), ("STARTTLS", SmtpVerb.StartTls), ("AUTH", SmtpVerb.Auth),
    ];

    private static readonly (string Line, SmtpVerb Verb, string Argument)[] Lines =
    [
        ("", SmtpVerb.None, ""),
        ("QUIT ", SmtpVerb.Quit, ""),
        ("QUIT\t \t", SmtpVerb.Quit, ""),
        ("EHLO client.example.com", SmtpVerb.Ehlo, "client.example.com"),
        ("EHLO   client \t", SmtpVerb.Ehlo, "client"),
        ("MAIL\tFROM:<a@b>", SmtpVerb.Mail, "FROM:<a@b>"),
        ("MAIL FROM:<a@b>  SIZE=1\tBODY=7BIT  ", SmtpVerb.Mail, "FROM:<a@b>  SIZE=1\tBODY=7BIT"),
        ("NOOP \xff\x80\xc3\xa4", SmtpVerb.Noop, "\xff\x80\xc3\xa4"),
        ("BDAT 10 LAST", SmtpVerb.Bdat, "10 LAST"),

        // A verb stands first and alone.
        (" ", SmtpVerb.Unknown, ""),
        (" QUIT", SmtpVerb.Unknown, "QUIT"),
        ("MAILX FROM:<a@b>", SmtpVerb.Unknown, "FROM:<a@b>"),
        ("MAI", SmtpVerb.Unknown, ""),
        ("MAIL:", SmtpVerb.Unknown, ""),
        ("MAIL:FROM:<a@b>", SmtpVerb.Unknown, ""),
        ("XMAIL", SmtpVerb.Unknown, ""),
        ("DAT", SmtpVerb.Unknown, ""),
        ("DATAX", SmtpVerb.Unknown, ""),
        ("STARTTLSX", SmtpVerb.Unknown, ""),
        ("STARTTL", SmtpVerb.Unknown, ""),
        ("STARTTLZ", SmtpVerb.Unknown, ""),
        ("MAILMAIL", SmtpVerb.Unknown, ""),
        ("XCLIENT ADDR=1.2.3.4", SmtpVerb.Unknown, "ADDR=1.2.3.4"),
        ("GET / HTTP/1.1", SmtpVerb.Unknown, "/ HTTP/1.1"),
        ("\xff\xfe\xfd\xfc", SmtpVerb.Unknown, ""),
    ];

    public static TheoryData<string, SmtpVerb> VerbTable => new(Verbs);

    public static TheoryData<string, SmtpVerb, string> LineTable => new(Lines);

    public static TheoryData<int> Controls => [.. Enumerable.Range(0, 32).Where(static octet => octet != '\t').Append(127)];

    [Theory]
    [MemberData(nameof(VerbTable))]
    public void Parse_Verb_IsKnownInEveryCase(string verb, SmtpVerb expected)
    {
        for (var cases = 0; cases < 1 << verb.Length; cases++)
        {
            var mixed = string.Concat(verb.Select((letter, i) => (cases & (1 << i)) != 0 ? (char)(letter | 0x20) : letter));

            Assert.Equal(expected, SmtpCommandParser.Parse(Wire.Octets(mixed)).Verb);
            Assert.Equal(expected, SmtpCommandParser.Parse(Wire.Octets(mixed + " x")).Verb);
        }
    }

    [Theory]
    [MemberData(nameof(VerbTable))]
    public void Parse_VerbWithOneOctetChanged_IsNotTheSameVerb(string verb, SmtpVerb expected)
    {
        // Folding case with one bit must not make a letter of what is none, such as a backquote, a brace or an octet above 127.
        for (var i = 0; i < verb.Length; i++)
        {
            var line = Wire.Octets(verb);
            for (var octet = 0; octet < 256; octet++)
            {
                line[i] = (byte)octet;
                var isSame = octet == verb[i] || octet == char.ToLowerInvariant(verb[i]);
                Assert.True(isSame == (SmtpCommandParser.Parse(line).Verb == expected), $"{Wire.Text(line)} at {i}: {octet:x2}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(VerbTable))]
    public void Parse_VerbWithPrefixOrSuffix_IsUnknown(string verb, SmtpVerb expected)
    {
        Assert.NotEqual(SmtpVerb.Unknown, expected);
        foreach (var other in new[] { verb + "X", "X" + verb, verb[..^1], verb[1..], verb + verb, verb + ".", verb + "=", "\xa0" + verb, verb + "\xa0" })
        {
            Assert.Equal(SmtpVerb.Unknown, SmtpCommandParser.Parse(Wire.Octets(other)).Verb);
        }
    }

    [Theory]
    [MemberData(nameof(LineTable))]
    public void Parse_Line_IsTakenApart(string line, SmtpVerb verb, string argument)
    {
        var command = SmtpCommandParser.Parse(Wire.Octets(line));

        Assert.Equal(verb, command.Verb);
        Assert.Equal(argument, Wire.Text(command.Argument));
        Assert.False(command.IsMalformed);
    }

    [Theory]
    [MemberData(nameof(Controls))]
    public void Parse_Control_IsMalformedWhereverItStands(int control)
    {
        const string Line = "MAIL FROM:<a@b>";
        for (var at = 0; at <= Line.Length; at++)
        {
            var command = SmtpCommandParser.Parse(Wire.Octets(Line.Insert(at, ((char)control).ToString())));

            Assert.True(command.IsMalformed);
            Assert.Equal(SmtpVerb.Unknown, command.Verb);
            Assert.True(command.Argument.IsEmpty);
        }
    }
}
