using System.Buffers;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class EhloWriterTests
{
    private const SmtpExtensions Everything = (SmtpExtensions)uint.MaxValue;

    private static readonly (SmtpExtensions Extensions, long SizeLimit, string Reply)[] Replies =
    [
        (SmtpExtensions.None, 0, "250-mx.example.com\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES\r\n"),
        (SmtpExtensions.Size, 0, "250-mx.example.com\r\n250-PIPELINING\r\n250-SIZE\r\n250 ENHANCEDSTATUSCODES\r\n"),
        (SmtpExtensions.Size, 10_240_000, "250-mx.example.com\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250 ENHANCEDSTATUSCODES\r\n"),
        (SmtpExtensions.Size, long.MaxValue, "250-mx.example.com\r\n250-PIPELINING\r\n250-SIZE 9223372036854775807\r\n250 ENHANCEDSTATUSCODES\r\n"),
        (SmtpExtensions.None, 5, "250-mx.example.com\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES\r\n"),
        (SmtpExtensions.Dsn, 0, "250-mx.example.com\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 DSN\r\n"),
        (SmtpExtensions.XClient | SmtpExtensions.XForward | SmtpExtensions.FutureRelease, 0,
            "250-mx.example.com\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES\r\n"),
        (Everything, 1_000, "250-mx.example.com\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250-STARTTLS\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n"
            + "250-SMTPUTF8\r\n250-DSN\r\n250-CHUNKING\r\n250-BINARYMIME\r\n250-DELIVERBY\r\n250-MT-PRIORITY\r\n250 REQUIRETLS\r\n"),
    ];

    public static TheoryData<SmtpExtensions, long, string> ReplyTable => new(Replies);

    [Fact]
    public void Write_Mechanisms_AreListedBehindAuth()
    {
        Assert.Equal(
            "250-mx.example.com\r\n250-PIPELINING\r\n250-AUTH PLAIN LOGIN\r\n250 ENHANCEDSTATUSCODES\r\n",
            Write(new SmtpCapabilities(SmtpExtensions.Auth, 0) { Mechanisms = "PLAIN LOGIN" }));
        Assert.DoesNotContain("AUTH", Write(new SmtpCapabilities(SmtpExtensions.Auth, 0)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ReplyTable))]
    public void Write_Capabilities_AreListedByTheWhiteList(SmtpExtensions extensions, long sizeLimit, string expected) =>
        Assert.Equal(expected, Write(new SmtpCapabilities(extensions, sizeLimit)));

    [Fact]
    public void Write_AnyExtension_GivesOneWellFormedReply()
    {
        for (var bit = 0; bit < 32; bit++)
        {
            var octets = new ReadOnlySequence<byte>(Wire.Octets(Write(new SmtpCapabilities((SmtpExtensions)(1u << bit), 0))));
            var parser = new SmtpReplyParser(SmtpLimits.ReplyLine, SmtpLimits.Reply, SmtpLimits.ReplyLines);

            Assert.Equal(ReplyStatus.Complete, parser.TryRead(ref octets, out var reply));
            Assert.True(octets.IsEmpty);
            Assert.True(SmtpCapabilities.TryParseReply(reply, out var capabilities));
            Assert.True(capabilities.Has(SmtpExtensions.Pipelining | SmtpExtensions.EnhancedStatusCodes));
            Assert.False(capabilities.Has(SmtpExtensions.XClient) || capabilities.Has(SmtpExtensions.XForward));
        }
    }

    private static string Write(SmtpCapabilities capabilities)
    {
        var output = new ArrayBufferWriter<byte>();
        EhloWriter.Write(output, "mx.example.com"u8, capabilities);
        return Wire.Text(output.WrittenSpan);
    }
}
