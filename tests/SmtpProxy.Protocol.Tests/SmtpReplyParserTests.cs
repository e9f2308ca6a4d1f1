using System.Buffers;
using System.Text;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class SmtpReplyParserTests
{
    private const int MaxLine = 20;
    private const int MaxReply = 50;
    private const int MaxLines = 5;

    // Replies stand in brackets with their enhanced code; what ends the reading is a word; what is left comes last.
    private static readonly (string Stream, string Expected)[] Streams =
    [
        ("", ""),
        ("2", "2"),
        ("250 ok", "250 ok"),
        ("250 ok\r", "250 ok\r"),
        ("250 ok\r\n", "[250 ok\r\n]"),
        ("250\r\n", "[250\r\n]"),
        ("250 \r\n", "[250 \r\n]"),
        ("250\tok\r\n", "[250\tok\r\n]"),
        ("354 go\r\n250 ok\r\n", "[354 go\r\n][250 ok\r\n]"),
        ("250 2.0.0 ok\r\n421 4.3.2\r\n2", "[250 2.0.0 ok\r\n|2.0.0][421 4.3.2\r\n|4.3.2]2"),

        // Several lines.
        ("250-a\r\n250-\r\n250 c\r\n", "[250-a\r\n250-\r\n250 c\r\n]"),
        ("250-a\r\n250\r\n", "[250-a\r\n250\r\n]"),
        ("250-a\r\n", "250-a\r\n"),
        ("550-5.1.1 no\r\n550 5.7.9 x\r\n250 k\r\n", "[550-5.1.1 no\r\n550 5.7.9 x\r\n|5.1.1][250 k\r\n]"),
        ("550-no\r\n550 5.7.9 x\r\n", "[550-no\r\n550 5.7.9 x\r\n]"),

        // A bare LF ends a line, a bare CR does not.
        ("250-a\n250 b\n220 c\r\n", "[250-a\n250 b\n][220 c\r\n]"),
        ("250\n", "[250\n]"),
        ("250 a\rb\r\n", "[250 a\rb\r\n]"),

        // Codes.
        ("200 a\r\n", "[200 a\r\n]"),
        ("599 a\r\n", "[599 a\r\n]"),
        ("199 a\r\n", "Malformed:199 a\r\n"),
        ("600 a\r\n", "Malformed:600 a\r\n"),
        ("000 a\r\n", "Malformed:000 a\r\n"),
        ("2x0 a\r\n", "Malformed:2x0 a\r\n"),
        ("25\r\n", "Malformed:25\r\n"),
        ("25 0 a\r\n", "Malformed:25 0 a\r\n"),
        ("2500 a\r\n", "Malformed:2500 a\r\n"),
        ("250ok\r\n", "Malformed:250ok\r\n"),
        ("250_ok\r\n", "Malformed:250_ok\r\n"),
        (" 250 ok\r\n", "Malformed: 250 ok\r\n"),
        ("\r\n", "Malformed:\r\n"),
        ("\n", "Malformed:\n"),
        ("ok\r\n", "Malformed:ok\r\n"),
        ("\u00b2\u00b50 a\r\n", "Malformed:\u00b2\u00b50 a\r\n"),
        ("250-a\r\n251 b\r\n", "Malformed:250-a\r\n251 b\r\n"),
        ("250-a\r\n550 b\r\n", "Malformed:250-a\r\n550 b\r\n"),
        ("250-a\r\nb\r\n", "Malformed:250-a\r\nb\r\n"),
        ("250-a\r\n\r\n", "Malformed:250-a\r\n\r\n"),
        ("250 a\r\n25\r\n", "[250 a\r\n]Malformed:25\r\n"),

        // Limits: 20 octets a line, 50 in all, 5 lines.
        ("250 12345678901234\r\n", "[250 12345678901234\r\n]"),
        ("250 123456789012345\r\n", "TooLong:250 123456789012345\r\n"),
        ("250 1234567890123456", "TooLong:250 1234567890123456"),
        ("250 123456789012345", "250 123456789012345"),
        ("250-a\r\n250 1234567890123456", "TooLong:250-a\r\n250 1234567890123456"),
        ("250-78901234567\r\n250-78901234567\r\n250 789012345\r\n", "[250-78901234567\r\n250-78901234567\r\n250 789012345\r\n]"),
        ("250-78901234567\r\n250-78901234567\r\n250 7890123456\r\n", "[250-78901234567\r\n250-78901234567\r\n250 7890123456\r\n]"),
        ("250-78901234567\r\n250-78901234567\r\n250 78901234567\r\n", "TooLong:250-78901234567\r\n250-78901234567\r\n250 78901234567\r\n"),
        ("250-\r\n250-\r\n250-\r\n250-\r\n250 \r\n", "[250-\r\n250-\r\n250-\r\n250-\r\n250 \r\n]"),
        ("250-\r\n250-\r\n250-\r\n250-\r\n250-\r\n250 \r\n", "TooLong:250-\r\n250-\r\n250-\r\n250-\r\n250-\r\n250 \r\n"),
    ];

    public static TheoryData<string, string> StreamTable => new(Streams);

    [Theory]
    [MemberData(nameof(StreamTable))]
    public void TryRead_Stream_IsCutTheSameHoweverItArrives(string stream, string expected)
    {
        foreach (var delivery in Delivery.All(stream.Length))
        {
            var read = Read(new Feeder(Wire.Octets(stream), delivery));

            Assert.True(expected == read, $"{delivery}: {read}");
        }
    }

    [Fact]
    public void TryRead_DefaultLimits_AreExact()
    {
        var longest = "250-" + new string('x', SmtpLimits.ReplyLine - 6) + "\r\n";
        var lines = string.Concat(Enumerable.Repeat(longest, (SmtpLimits.Reply / SmtpLimits.ReplyLine) - 1));
        var last = "250 " + longest[4..];

        Assert.Equal(ReplyStatus.Complete, ReadOne(lines + last));
        Assert.Equal(ReplyStatus.TooLong, ReadOne(lines + longest + "250 \r\n"));
        Assert.Equal(ReplyStatus.TooLong, ReadOne("250 " + new string('x', SmtpLimits.ReplyLine - 5) + "\r\n"));
        Assert.Equal(ReplyStatus.NeedMore, ReadOne(new string('2', SmtpLimits.ReplyLine - 1)));
        Assert.Equal(ReplyStatus.TooLong, ReadOne(new string('2', SmtpLimits.ReplyLine)));
        Assert.Equal(ReplyStatus.Complete, ReadOne(string.Concat(Enumerable.Repeat("250-\r\n", SmtpLimits.ReplyLines - 1)) + "250 \r\n"));
        Assert.Equal(ReplyStatus.TooLong, ReadOne(string.Concat(Enumerable.Repeat("250-\r\n", SmtpLimits.ReplyLines)) + "250 \r\n"));
    }

    [Theory]
    [InlineData(250, true, false, false, false)]
    [InlineData(354, false, true, false, false)]
    [InlineData(450, false, false, true, false)]
    [InlineData(550, false, false, false, true)]
    public void SmtpReply_Code_TellsItsClass(int code, bool isPositive, bool isIntermediate, bool isTransient, bool isPermanent)
    {
        var reply = new SmtpReply(code, default, default);

        Assert.Equal((isPositive, isIntermediate, isTransient, isPermanent), (reply.IsPositive, reply.IsIntermediate, reply.IsTransient, reply.IsPermanent));
    }

    private static ReplyStatus ReadOne(string stream)
    {
        var parser = new SmtpReplyParser(SmtpLimits.ReplyLine, SmtpLimits.Reply, SmtpLimits.ReplyLines);
        var buffer = new ReadOnlySequence<byte>(Wire.Octets(stream));
        return parser.TryRead(ref buffer, out _);
    }

    private static string Read(Feeder feeder)
    {
        var read = new StringBuilder();
        var parser = new SmtpReplyParser(MaxLine, MaxReply, MaxLines);
        var isOver = false;
        var rest = feeder.Run(TakeOne);
        return read.Append(rest).ToString();

        bool TakeOne(ref ReadOnlySequence<byte> buffer)
        {
            if (isOver)
            {
                return false;
            }

            var status = parser.TryRead(ref buffer, out var reply);
            if (status == ReplyStatus.Complete)
            {
                Assert.Equal(Wire.Text(reply.Octets.ToArray())[..3], $"{reply.Code}");
                read.Append('[').Append(Wire.Text(reply.Octets.ToArray())).Append(reply.Enhanced.IsNone ? "" : $"|{reply.Enhanced}").Append(']');
                return true;
            }

            isOver = status != ReplyStatus.NeedMore;
            read.Append(isOver ? $"{status}:" : "");
            return false;
        }
    }
}
