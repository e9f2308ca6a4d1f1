using System.Buffers;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class EnvelopeWriterTests
{
    private static readonly (string Argument, string Line)[] Mails =
    [
        ("FROM:<a@b>", "MAIL FROM:<a@b>\r\n"),
        ("from: A.User@EXAMPLE.com", "MAIL FROM:<A.User@EXAMPLE.com>\r\n"),
        ("From:\t<A.User@example.com>  body=8bitMime\tsize=1000 \t", "MAIL FROM:<A.User@example.com> body=8bitMime\tsize=1000\r\n"),
        ("FROM:<>", "MAIL FROM:<>\r\n"),
        ("FROM:<> AUTH=<>", "MAIL FROM:<> AUTH=<>\r\n"),
        ("FROM:<@x,@y:user@c>", "MAIL FROM:<user@c>\r\n"),
        ("FROM:\"a> SIZE=\\\"1\"@c RET=FULL", "MAIL FROM:<\"a> SIZE=\\\"1\"@c> RET=FULL\r\n"),
        ("FROM:<" + Wire.Utf8("ü@bücher.example") + "> SMTPUTF8", "MAIL FROM:<" + Wire.Utf8("ü@bücher.example") + "> SMTPUTF8\r\n"),
    ];

    private static readonly (string Argument, string Line)[] Recipients =
    [
        ("TO:<a@b>", "RCPT TO:<a@b>\r\n"),
        ("to: postmaster", "RCPT TO:<postmaster>\r\n"),
        ("TO:<@x:\"a b\"@[192.0.2.1]> NOTIFY=NEVER  ORCPT=rfc822;x+2By", "RCPT TO:<\"a b\"@[192.0.2.1]> NOTIFY=NEVER  ORCPT=rfc822;x+2By\r\n"),
    ];

    public static TheoryData<string, string> MailTable => new(Mails);

    public static TheoryData<string, string> RecipientTable => new(Recipients);

    [Theory]
    [MemberData(nameof(MailTable))]
    public void WriteMail_Command_IsStrictWithTheSameOctets(string argument, string line) => Assert.Equal(line, Mail(argument, withParameters: true));

    [Fact]
    public void WriteMail_WithoutParameters_KeepsThePathOnly() =>
        Assert.Equal("MAIL FROM:<\"a> b\"@c>\r\n", Mail("FROM:<\"a> b\"@c> SIZE=1 RET=FULL", withParameters: false));

    [Theory]
    [MemberData(nameof(MailTable))]
    public void WriteMail_ItsOwnOutput_ComesOutAgain(string argument, string line)
    {
        Assert.NotEmpty(argument);
        Assert.Equal(line, Mail(line["MAIL ".Length..^2], withParameters: true));
    }

    [Theory]
    [MemberData(nameof(RecipientTable))]
    public void WriteRecipient_Command_IsStrictWithTheSameOctets(string argument, string line)
    {
        Assert.Equal(line, Recipient(argument));
        Assert.Equal(line, Recipient(line["RCPT ".Length..^2]));
    }

    private static string Mail(string argument, bool withParameters)
    {
        var output = new ArrayBufferWriter<byte>();
        EnvelopeWriter.WriteMail(output, EnvelopeParser.ParseMail(Wire.Octets(argument), lenient: true), withParameters);
        return Wire.Text(output.WrittenSpan);
    }

    private static string Recipient(string argument)
    {
        var output = new ArrayBufferWriter<byte>();
        EnvelopeWriter.WriteRecipient(output, EnvelopeParser.ParseRecipient(Wire.Octets(argument), lenient: true));
        return Wire.Text(output.WrittenSpan);
    }
}
