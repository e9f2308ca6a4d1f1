using System.Buffers;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class ReplyWriterTests
{
    private static readonly (string Reply, string Expected)[] Replies =
    [
        ("421 4.3.2 Shutting down\r\n", "451 4.3.2 Shutting down\r\n"),
        ("421\r\n", "451\r\n"),
        ("421-a\r\n421-\r\n421 421 c\r\n", "451-a\r\n451-\r\n451 421 c\r\n"),
        ("421-a\n421 b\n", "451-a\r\n451 b\r\n"),
    ];

    public static TheoryData<string, string> ReplyTable => new(Replies);

    [Theory]
    [MemberData(nameof(ReplyTable))]
    public void WriteWithout421_Reply_Becomes451OnEveryLine(string reply, string expected)
    {
        foreach (var octets in new[] { new(Wire.Octets(reply)), SegmentedSequence.BytePerSegment(Wire.Octets(reply)) })
        {
            var output = new ArrayBufferWriter<byte>();
            ReplyWriter.WriteWithout421(output, new SmtpReply(421, default, octets));

            Assert.Equal(expected, Wire.Text(output.WrittenSpan));
            Assert.Equal(reply, Wire.Text(octets.ToArray()));
        }
    }

    [Fact]
    public void Write_Refusal_EndsWithTheSession()
    {
        var output = new ArrayBufferWriter<byte>();
        ReplyWriter.Write(output, SmtpReplies.BadSender, "0HN4"u8);

        Assert.Equal("501 5.1.7 Bad sender address [0HN4]\r\n", Wire.Text(output.WrittenSpan));
    }

    [Fact]
    public void WriteGreetingAndHelo_Hostname_AreOneLineEach()
    {
        var output = new ArrayBufferWriter<byte>();
        ReplyWriter.WriteGreeting(output, "mx.example.com"u8);
        ReplyWriter.WriteHelo(output, "mx.example.com"u8);

        Assert.Equal("220 mx.example.com ESMTP SmtpProxy\r\n250 mx.example.com\r\n", Wire.Text(output.WrittenSpan));
    }
}
