using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class EnvelopeParserPathTests
{
    // Argument behind the colon, local part, domain.
    private static readonly (string Path, string LocalPart, string Domain)[] Strict =
    [
        ("<a@b>", "a", "b"),
        (" <a@b>", "a", "b"),
        ("\t<A.User@EXAMPLE.com> \t ", "A.User", "EXAMPLE.com"),
        ("<a+tag/x=y_z-~!#$%&'*?^`{|}@example.com>", "a+tag/x=y_z-~!#$%&'*?^`{|}", "example.com"),
        ("<prvs=1234=a@example.com>", "prvs=1234=a", "example.com"),
        ("<a@example.com.>", "a", "example.com."),
        ("<a@_under.example>", "a", "_under.example"),

        // Not RFC 5321, but real addresses.
        ("<a..b@example.com>", "a..b", "example.com"),
        ("<.a.@example.com>", ".a.", "example.com"),

        // A lone local part.
        ("<postmaster>", "postmaster", ""),
        ("<\"a b\">", "\"a b\"", ""),

        // Quoted local parts.
        ("<\"a b\"@c>", "\"a b\"", "c"),
        ("<\"a@b\"@c>", "\"a@b\"", "c"),
        ("<\"a>b\"@c>", "\"a>b\"", "c"),
        ("<\"<a@b> SIZE=1\"@c>", "\"<a@b> SIZE=1\"", "c"),
        ("<\"a\\\"b\"@c>", "\"a\\\"b\"", "c"),
        ("<\"a\\\\\"@c>", "\"a\\\\\"", "c"),
        ("<\"\\\\\\\"@x>\"@c>", "\"\\\\\\\"@x>\"", "c"),
        ("<\"\"@c>", "\"\"", "c"),
        ("<\"(),:;<>[]\"@c>", "\"(),:;<>[]\"", "c"),

        // Address literals.
        ("<a@[192.0.2.1]>", "a", "[192.0.2.1]"),
        ("<a@[IPv6:2001:db8::1]>", "a", "[IPv6:2001:db8::1]"),
        ("<\"a b\"@[192.0.2.1]>", "\"a b\"", "[192.0.2.1]"),

        // Source routes are dropped.
        ("<@a:user@c>", "user", "c"),
        ("<@a,@b:user@c>", "user", "c"),
        ("<@a, @b:user@c>", "user", "c"),
        ("<@a.example,@b.example:\"x@y:z\"@c>", "\"x@y:z\"", "c"),
        ("<@a:user>", "user", ""),
    ];

    private static readonly (string Path, string LocalPart, string Domain)[] WithoutBrackets =
    [
        ("a@b", "a", "b"),
        (" A.User@example.com", "A.User", "example.com"),
        ("a@b \t", "a", "b"),
        ("postmaster", "postmaster", ""),
        ("\"a b>\"@c", "\"a b>\"", "c"),
        ("a@[192.0.2.1]", "a", "[192.0.2.1]"),
    ];

    private static readonly string[] BadPaths =
    [
        "<", "<a", "<a@", "<a@b", "<a@b c>", "< a@b>", "<a@b >", "<a b@c>", "<a\tb@c>", "<<a@b>>", "<a<b@c>", "a@b>", "a<b@c",
        "<@>", "<a@>", "<@b>", "@b", "a@", "@",
        "<a@b@c>", "<a@b@>", "<a@.b>", "<a@b..c>", "<a@b,c>", "<a@b(c)>", "<a@b:c>", "<a@\"b\">", "<a@b\\c>",

        // Quotes that do not balance, or are not the whole local part.
        "<\"a@b>", "<a\"@b>", "<\"a\\\"@b>", "<\"a\\\\\"\"@b>", "<\"a", "<\"", "\"", "\"a b@c", "<\"a\"b@c>", "<a\"b\"@c>", "<\"a\".\"b\"@c>",
        "<\"a\"@\"b\"@c>", "<a\\@b@c>", "<a\\ b@c>",

        // Specials outside quotes: a server might drop a comment or read a group, and see another sender.
        "<a(b)@c>", "<(a)b@c>", "<(comment)>", "<a,b@c>", "<a;@c>", "<:;>", "<a:b@c>", "<[a]@c>", "a(b)@c", "a,b@c",

        // Controls. Most never come this far; a tab does.
        "<\"a\tb\"@c>", "<\"a\\\tb\"@c>", "\"a\tb\"@c", "<@a\tb:x@c>", "<a\0@b>", "<a\n@b>", "<\"\r\nRCPT TO:<x@y>\"@b>", "<a@b\x7f>", "<a@[1\r2]>",

        // Address literals.
        "<a@[]>", "<a@[>", "<a@[1.2.3.4>", "<a@1.2.3.4]>", "<a@[1]x>", "<a@[[1]]>", "<a@[1\\]]>",
        "<a@[\"> SIZE=1\"]>", "<a@[\" \"]>", "<a@[\"@b\"]>", "<a@[(1)]>", "<a@[1;2]>", "<a@[1,2]>", "<@[\">\"]:x@c>", "a@[\"<b>\"]",

        // Source routes.
        "<@a:>", "<@:x@c>", "<@a,:x@c>", "<@a,b:x@c>", "<,@a:x@c>", "<@a x@c>", "<@a@b:x@c>", "<@a,@b,x@c>", "<@a\"b\":x@c>", "@a:x@c",
    ];

    private static readonly string[] RubbishBehind = ["<a@b>>", "<a@b>SIZE=5", "<a@b>,<c@d>", "<\"a\"@b>x", "<>>>>", "<>SIZE=5", "<postmaster>x"];

    public static TheoryData<string, string, string> StrictTable => new(Strict);

    public static TheoryData<string, string, string> WithoutBracketsTable => new(WithoutBrackets);

    public static TheoryData<string> BadPathTable => [.. BadPaths];

    public static TheoryData<string> RubbishTable => [.. RubbishBehind];

    [Theory]
    [MemberData(nameof(StrictTable))]
    public void Parse_Brackets_GiveThePath(string path, string localPart, string domain)
    {
        foreach (var lenient in new[] { true, false })
        {
            CheckPath(EnvelopeParser.ParseMail(Wire.Octets("FROM:" + path), lenient), localPart, domain);
            CheckPath(EnvelopeParser.ParseMail(Wire.Octets("from:" + path), lenient), localPart, domain);
            CheckPath(EnvelopeParser.ParseRecipient(Wire.Octets("TO:" + path), lenient), localPart, domain);
            CheckPath(EnvelopeParser.ParseRecipient(Wire.Octets("To:" + path), lenient), localPart, domain);
        }
    }

    [Theory]
    [MemberData(nameof(WithoutBracketsTable))]
    public void Parse_NoBrackets_GiveThePathWhenLenient(string path, string localPart, string domain)
    {
        CheckPath(EnvelopeParser.ParseMail(Wire.Octets("FROM:" + path), lenient: true), localPart, domain);
        CheckPath(EnvelopeParser.ParseRecipient(Wire.Octets("TO:" + path), lenient: true), localPart, domain);
        CheckRefused(EnvelopeStatus.Syntax, "FROM:" + path, lenient: false);
        Assert.Equal(EnvelopeStatus.Syntax, EnvelopeParser.ParseRecipient(Wire.Octets("TO:" + path), lenient: false).Status);
    }

    [Theory]
    [MemberData(nameof(BadPathTable))]
    public void Parse_BadPath_IsRefused(string path)
    {
        CheckRefused(EnvelopeStatus.BadPath, "FROM:" + path, lenient: true);
        CheckRefused(EnvelopeStatus.BadPath, "FROM:" + path + " SIZE=1", lenient: true);
        CheckRefused(path[0] == '<' ? EnvelopeStatus.BadPath : EnvelopeStatus.Syntax, "FROM:" + path, lenient: false);
        Assert.Equal(EnvelopeStatus.BadPath, EnvelopeParser.ParseRecipient(Wire.Octets("TO:" + path), lenient: true).Status);
    }

    [Theory]
    [MemberData(nameof(RubbishTable))]
    public void Parse_RubbishBehindThePath_IsRefused(string path)
    {
        CheckRefused(EnvelopeStatus.Syntax, "FROM:" + path, lenient: true);
        CheckRefused(EnvelopeStatus.Syntax, "FROM:" + path, lenient: false);
    }

    [Theory]
    [InlineData("")]
    [InlineData("FROM")]
    [InlineData("FROM:")]
    [InlineData("FROM: \t")]
    [InlineData("<a@b>")]
    [InlineData("FROM <a@b>")]
    [InlineData("FROM<a@b>")]
    [InlineData("TO:<a@b>")]
    [InlineData("FROMM:<a@b>")]
    [InlineData("\u0066RO\u00cd:<a@b>")]
    public void ParseMail_OtherForm_IsSyntax(string argument)
    {
        CheckRefused(EnvelopeStatus.Syntax, argument, lenient: true);
        CheckRefused(EnvelopeStatus.Syntax, argument, lenient: false);
    }

    [Fact]
    public void Parse_NullPath_IsForMailOnly()
    {
        var mail = EnvelopeParser.ParseMail("FROM:<> SIZE=10"u8, lenient: false);

        CheckPath(mail, "", "");
        Assert.True(mail.Path.IsNull);
        Assert.Equal(10, mail.Size);
        Assert.Equal(EnvelopeStatus.BadPath, EnvelopeParser.ParseRecipient("TO:<>"u8, lenient: true).Status);
        Assert.False(EnvelopeParser.ParseMail("FROM:<a>"u8, lenient: true).Path.IsNull);
    }

    private static void CheckPath(EnvelopeCommand command, string localPart, string domain)
    {
        Assert.Equal(EnvelopeStatus.Ok, command.Status);
        Assert.Equal(localPart, Wire.Text(command.Path.LocalPart));
        Assert.Equal(domain, Wire.Text(command.Path.Domain));
        Assert.Equal(domain.Length == 0 ? localPart : $"{localPart}@{domain}", Wire.Text(command.Path.Octets));
        Assert.False(command.HasUtf8Path);
    }

    private static void CheckRefused(EnvelopeStatus expected, string argument, bool lenient)
    {
        var command = EnvelopeParser.ParseMail(Wire.Octets(argument), lenient);

        Assert.Equal(expected, command.Status);
        Assert.True(command.Path.Octets.IsEmpty);
    }
}
