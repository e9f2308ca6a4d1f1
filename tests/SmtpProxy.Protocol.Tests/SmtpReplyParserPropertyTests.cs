using System.Buffers;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

/// <summary>What holds for any octets of a server and any way in which they arrive.</summary>
public sealed class SmtpReplyParserPropertyTests
{
    private const int MaxLine = 40;
    private const int MaxReply = 120;
    private const int MaxLines = 5;

    private static readonly Gen<byte[]> Octets = Gen.OneOf(
        Arrival.Of("250 ok\r\n", "250-", "250 ", "250", "550-5.1.1 no\r\n", "550 5.1.1 no\n", "354\r\n", "\r\n", "\n", "\r", "x", "421 "),
        Arrival.Of("250-ok\r\n", "250-2.1.0 ok\r\n", "250 ok\r\n"),
        Arrival.AnyOctets);

    [Fact]
    public void TryRead_AnyOctetsAndAnySplit_RepliesAreTheSameAndNoMoreIsHeldThanTheLimit() => Prop.ForAll(Arrival.Of(Octets), static arrival =>
    {
        var whole = Read(arrival with { Delivery = new("whole", [arrival.Octets.Length], static octets => new(octets)) }, out _);

        var inPieces = Read(arrival, out var held);

        Assert.Equal(whole, inPieces);
        Assert.True(held < MaxReply, $"{held} octets held");
    }).Check(Arrival.Many);

    [Fact]
    public void TryRead_ReplyThatIsComplete_IsWithinTheLimitsAndOfOneCode() => Prop.ForAll(Arrival.Of(Octets), static arrival =>
    {
        foreach (var reply in Read(arrival, out _).Where(static reply => reply.Length > 3 && reply[3] == '|'))
        {
            var lines = reply[4..].Split('\n')[..^1];
            Assert.InRange(lines.Length, 1, MaxLines);
            Assert.InRange(reply.Length - 4, 4, MaxReply);
            Assert.All(lines, line => Assert.InRange(line.Length + 1, 4, MaxLine));
            Assert.All(lines, line => Assert.StartsWith(reply[..3], line, StringComparison.Ordinal));
        }
    }).Check(Arrival.Many);

    /// <summary>Each reply as <c>code|octets</c>, then what the stream came to: a server that breaks the rules is not read any further.</summary>
    private static List<string> Read(Arrival arrival, out int held)
    {
        var parser = new SmtpReplyParser(MaxLine, MaxReply, MaxLines);
        var found = new List<string>();
        var status = ReplyStatus.NeedMore;
        var mostHeld = 0;
        new Feeder(arrival.Octets, arrival.Delivery).Run((ref ReadOnlySequence<byte> buffer) =>
        {
            if (status is ReplyStatus.Malformed or ReplyStatus.TooLong)
            {
                return false;
            }

            var before = buffer.Length;
            status = parser.TryRead(ref buffer, out var reply);
            if (status == ReplyStatus.Complete)
            {
                found.Add(string.Create(CultureInfo.InvariantCulture, $"{reply.Code:000}|{Wire.Text(reply.Octets.ToArray())}"));
                return true;
            }

            Assert.Equal(before, buffer.Length);
            mostHeld = status == ReplyStatus.NeedMore ? Math.Max(mostHeld, (int)before) : mostHeld;
            return false;
        });
        found.Add((status is ReplyStatus.Complete ? ReplyStatus.NeedMore : status).ToString());
        held = mostHeld;
        return found;
    }
}
