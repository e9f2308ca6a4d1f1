using System.Buffers;
using System.Text;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class SmtpLineReaderTests
{
    private const int Limit = 10;

    // Lines read stand in brackets, an overlong one is an exclamation mark, and what is left comes last.
    private static readonly (string Input, string Expected)[] Streams =
    [
        ("", ""),
        ("QUIT", "QUIT"),
        ("QUIT\r", "QUIT\r"),
        ("QUIT\r\n", "[QUIT]"),
        ("\r\n", "[]"),
        ("\r\n\r\n", "[][]"),
        ("NOOP\r\nRSET\r\nQU", "[NOOP][RSET]QU"),

        // Only CRLF ends a line.
        ("a\nb\r\n", "[a\nb]"),
        ("a\rb\r\n", "[a\rb]"),
        ("a\r\r\n", "[a\r]"),
        ("\r\r\r\n", "[\r\r]"),
        ("\n\r\n", "[\n]"),
        ("\n\r\r\n\n\r\n", "[\n\r][\n]"),
        ("a\n", "a\n"),
        ("a\0\xff\r\n", "[a\0\xff]"),

        // Eight octets and CRLF are the limit.
        ("12345678\r\nx\r\n", "[12345678][x]"),
        ("123456789\r\nx\r\n", "![x]"),
        ("1234567890\r\nx\r\n", "![x]"),
        ("12345678901\r\nx\r\n", "![x]"),
        ("1234567\r\r\nx\r\n", "[1234567\r][x]"),
        ("12345678\r\r\nx\r\n", "![x]"),
        ("12345678901234567890123\r\r\n\r\n", "![]"),
        ("123456789012\r34\n56\r\nx\r\n", "![x]"),
        ("12345678901234\r\n12345678901234\r\nx\r\n", "!![x]"),
        ("12345678901\r\n\r\n12345678\r\n", "![][12345678]"),
    ];

    public static TheoryData<string, string> StreamTable => new(Streams);

    [Theory]
    [MemberData(nameof(StreamTable))]
    public void TryRead_Stream_IsCutTheSameHoweverItArrives(string input, string expected)
    {
        foreach (var delivery in Delivery.All(input.Length))
        {
            var feeder = new Feeder(Wire.Octets(input), delivery);
            var read = Read(feeder, Limit);

            Assert.True(expected == read, $"{delivery}: {read}");
            Assert.True(feeder.MostHeld < Limit, $"{delivery}: held {feeder.MostHeld}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4_096)]
    [InlineData(100_000)]
    public void TryRead_HugeLine_IsSkippedWithoutBuffering(int pieces)
    {
        var input = Wire.Octets(new string('x', 70_000) + "\r\nQUIT\r\n");
        var feeder = new Feeder(input, Delivery.InPieces(input.Length, pieces));

        Assert.Equal("![QUIT]", Read(feeder, SmtpLimits.CommandLine));
        Assert.InRange(feeder.MostHeld, 0, SmtpLimits.CommandLine - 1);
    }

    [Fact]
    public void TryRead_HugeLineOfCarriageReturns_HoldsBackOneOnly()
    {
        var input = Wire.Octets(new string('\r', 70_000) + "\nQUIT\r\n");
        var reader = new SmtpLineReader(SmtpLimits.CommandLine);
        var buffer = new ReadOnlySequence<byte>(input, 0, 60_000);

        Assert.Equal(LineStatus.NeedMore, reader.TryRead(ref buffer, out _));
        Assert.Equal(1, buffer.Length);

        buffer = new ReadOnlySequence<byte>(input, 59_999, input.Length - 59_999);
        Assert.Equal(LineStatus.TooLong, reader.TryRead(ref buffer, out _));
        Assert.Equal("QUIT\r\n", Wire.Text(buffer.ToArray()));
    }

    [Fact]
    public void TryRead_SameLineAgain_GivesTheSameLine()
    {
        // A caller that cannot take a line yet puts the buffer back to where it was.
        var reader = new SmtpLineReader(Limit);
        var buffer = new ReadOnlySequence<byte>(Wire.Octets("NOOP\r\nQUIT\r\n"));
        var before = buffer;
        reader.TryRead(ref buffer, out _);
        buffer = before;

        Assert.Equal(LineStatus.Line, reader.TryRead(ref buffer, out var line));
        Assert.Equal("NOOP", Wire.Text(line.ToArray()));
        Assert.Equal(6, buffer.Length);
    }

    private static string Read(Feeder feeder, int limit)
    {
        var read = new StringBuilder();
        var reader = new SmtpLineReader(limit);
        var rest = feeder.Run(TakeOne);
        return read.Append(rest).ToString();

        bool TakeOne(ref ReadOnlySequence<byte> buffer)
        {
            var status = reader.TryRead(ref buffer, out var line);
            _ = status switch
            {
                LineStatus.Line => read.Append('[').Append(Wire.Text(line.ToArray())).Append(']'),
                LineStatus.TooLong => read.Append('!'),
                _ => read,
            };
            return status != LineStatus.NeedMore;
        }
    }
}
