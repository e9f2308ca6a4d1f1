using System.Buffers;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class SmtpCapabilitiesTests
{
    private const SmtpExtensions Postfix = SmtpExtensions.Pipelining | SmtpExtensions.Size | SmtpExtensions.StartTls | SmtpExtensions.EnhancedStatusCodes
        | SmtpExtensions.EightBitMime | SmtpExtensions.Dsn | SmtpExtensions.SmtpUtf8 | SmtpExtensions.Chunking | SmtpExtensions.XClient | SmtpExtensions.XForward;

    private const SmtpExtensions Exchange = SmtpExtensions.Size | SmtpExtensions.Pipelining | SmtpExtensions.Dsn | SmtpExtensions.EnhancedStatusCodes
        | SmtpExtensions.StartTls | SmtpExtensions.Auth | SmtpExtensions.EightBitMime | SmtpExtensions.BinaryMime | SmtpExtensions.Chunking
        | SmtpExtensions.SmtpUtf8;

    private const SmtpExtensions Sendmail = SmtpExtensions.EnhancedStatusCodes | SmtpExtensions.Pipelining | SmtpExtensions.EightBitMime
        | SmtpExtensions.Size | SmtpExtensions.Dsn | SmtpExtensions.Auth | SmtpExtensions.DeliverBy;

    // Lines are parted by a bar.
    private static readonly (string Lines, SmtpExtensions Extensions, long SizeLimit)[] Replies =
    [
        ("mail.example.com|PIPELINING|SIZE 10240000|VRFY|ETRN|STARTTLS|ENHANCEDSTATUSCODES|8BITMIME|DSN|SMTPUTF8|CHUNKING|"
            + "XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT|XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT", Postfix, 10_240_000),
        ("ex.example.com Hello [192.0.2.1]|SIZE 37748736|PIPELINING|DSN|ENHANCEDSTATUSCODES|STARTTLS|X-ANONYMOUSTLS|AUTH NTLM LOGIN|X-EXPS GSSAPI NTLM|"
            + "8BITMIME|BINARYMIME|CHUNKING|XEXCH50|SMTPUTF8|XRDST|XSHADOWREQUEST", Exchange, 37_748_736),
        ("sm.example.com Hello c [192.0.2.1], pleased to meet you|ENHANCEDSTATUSCODES|PIPELINING|EXPN|VERB|8BITMIME|SIZE|DSN|ETRN|AUTH PLAIN|DELIVERBY|HELP",
            Sendmail, 0),
        ("lower.example.com|pipelining|Size 5000|8BitMime", SmtpExtensions.Pipelining | SmtpExtensions.Size | SmtpExtensions.EightBitMime, 5_000),
        ("host", SmtpExtensions.None, 0),
        ("", SmtpExtensions.None, 0),
        ("PIPELINING", SmtpExtensions.None, 0),
        ("PIPELINING|DSN", SmtpExtensions.Dsn, 0),
        ("host||DSN", SmtpExtensions.Dsn, 0),
        ("host|DSN ", SmtpExtensions.Dsn, 0),
        ("host|SIZE 0", SmtpExtensions.Size, 0),
        ("host|SIZE", SmtpExtensions.Size, 0),
        ("host|SIZE ", SmtpExtensions.Size, 0),
        ("host|SIZE  7", SmtpExtensions.Size, 7),
        ("host|SIZE -7", SmtpExtensions.Size, 0),
        ("host|SIZE x", SmtpExtensions.Size, 0),
        ("host|SIZE 9223372036854775807", SmtpExtensions.Size, long.MaxValue),
        ("host|SIZE 99999999999999999999", SmtpExtensions.Size, 0),
        ("host|SIZES 7|XSIZE 7", SmtpExtensions.None, 0),
        ("host|AUTH=LOGIN PLAIN", SmtpExtensions.Auth, 0),
        ("host|AUTH LOGIN|AUTH=LOGIN", SmtpExtensions.Auth, 0),
        ("host|MT-PRIORITY MIXER|REQUIRETLS|FUTURERELEASE 1000 2030-01-01T00:00:00Z",
            SmtpExtensions.MtPriority | SmtpExtensions.RequireTls | SmtpExtensions.FutureRelease, 0),
    ];

    private static readonly ((SmtpExtensions Extensions, long Size) One, (SmtpExtensions Extensions, long Size) Other,
        (SmtpExtensions Extensions, long Size) Common)[] Pairs =
    [
        ((SmtpExtensions.None, 0), (SmtpExtensions.Size, 5), (SmtpExtensions.None, 0)),
        ((SmtpExtensions.Size, 0), (SmtpExtensions.Size, 0), (SmtpExtensions.Size, 0)),
        ((SmtpExtensions.Size, 0), (SmtpExtensions.Size, 5), (SmtpExtensions.Size, 5)),
        ((SmtpExtensions.Size, 7), (SmtpExtensions.Size, 5), (SmtpExtensions.Size, 5)),
        ((SmtpExtensions.Size | SmtpExtensions.Dsn, 5), (SmtpExtensions.Dsn, 0), (SmtpExtensions.Dsn, 0)),
        ((Postfix, 10), (Postfix, 10), (Postfix, 10)),
        ((SmtpExtensions.Dsn | SmtpExtensions.Auth, 0), (SmtpExtensions.Auth | SmtpExtensions.SmtpUtf8, 0), (SmtpExtensions.Auth, 0)),
    ];

    public static TheoryData<string, SmtpExtensions, long> ReplyTable => new(Replies);

    [Theory]
    [MemberData(nameof(ReplyTable))]
    public void TryParseReply_Ehlo_SaysWhatIsOffered(string lines, SmtpExtensions extensions, long sizeLimit)
    {
        foreach (var lineEnd in new[] { "\r\n", "\n" })
        {
            var octets = Ehlo(lines, lineEnd);
            foreach (var sequence in new[] { new(octets), SegmentedSequence.BytePerSegment(octets), SegmentedSequence.SplitAt(octets, octets.Length / 2) })
            {
                Assert.True(SmtpCapabilities.TryParseReply(Parse(sequence), out var capabilities));
                Assert.Equal((extensions, sizeLimit), (capabilities.Extensions, capabilities.SizeLimit));
                Assert.True(capabilities.Has(extensions));
            }
        }
    }

    [Theory]
    [InlineData("500 5.5.2 unknown\r\n")]
    [InlineData("220 host\r\n")]
    [InlineData("251-host\r\n251 DSN\r\n")]
    public void TryParseReply_OtherCode_OffersNothing(string reply)
    {
        Assert.False(SmtpCapabilities.TryParseReply(Parse(new(Wire.Octets(reply))), out var capabilities));
        Assert.Equal(SmtpCapabilities.None, capabilities);
    }

    [Fact]
    public void Intersect_Pairs_KeepWhatBothOffer()
    {
        foreach (var (one, other, common) in Pairs)
        {
            var first = new SmtpCapabilities(one.Extensions, one.Size);
            var second = new SmtpCapabilities(other.Extensions, other.Size);
            var expected = new SmtpCapabilities(common.Extensions, common.Size);

            Assert.Equal(expected, first.Intersect(second));
            Assert.Equal(expected, second.Intersect(first));
        }
    }

    [Fact]
    public void Has_Several_NeedsAllOfThem()
    {
        var capabilities = new SmtpCapabilities(SmtpExtensions.Dsn | SmtpExtensions.Size, 0);

        Assert.True(capabilities.Has(SmtpExtensions.None));
        Assert.True(capabilities.Has(SmtpExtensions.Dsn | SmtpExtensions.Size));
        Assert.False(capabilities.Has(SmtpExtensions.Dsn | SmtpExtensions.Auth));
    }

    [Fact]
    public void TryParseLines_KnownKeywords_AreRead()
    {
        Assert.True(SmtpCapabilities.TryParseLines(["SIZE 10240000", "8bitmime", "DSN", "DSN"], out var capabilities, out var offendingLine));
        Assert.Null(offendingLine);
        Assert.Equal(new(SmtpExtensions.Size | SmtpExtensions.EightBitMime | SmtpExtensions.Dsn, 10_240_000), capabilities);
        Assert.True(SmtpCapabilities.TryParseLines([], out capabilities, out _));
        Assert.Equal(SmtpCapabilities.None, capabilities);
    }

    [Theory]
    [InlineData("XEXCH50")]
    [InlineData("8BITMIM")]
    [InlineData("")]
    [InlineData(" DSN")]
    [InlineData("250-DSN")]
    [InlineData("Größe 5")]
    public void TryParseLines_UnknownKeyword_IsNamed(string line)
    {
        Assert.False(SmtpCapabilities.TryParseLines(["DSN", line, "WORSE"], out _, out var offendingLine));
        Assert.Equal(line, offendingLine);
    }

    private static byte[] Ehlo(string lines, string lineEnd)
    {
        var parts = lines.Split('|');
        return Wire.Octets(string.Concat(parts.Select((part, i) => $"250{(i == parts.Length - 1 ? ' ' : '-')}{part}{lineEnd}")));
    }

    private static SmtpReply Parse(ReadOnlySequence<byte> octets)
    {
        var parser = new SmtpReplyParser(SmtpLimits.ReplyLine, SmtpLimits.Reply, SmtpLimits.ReplyLines);
        Assert.Equal(ReplyStatus.Complete, parser.TryRead(ref octets, out var reply));
        return reply;
    }
}
