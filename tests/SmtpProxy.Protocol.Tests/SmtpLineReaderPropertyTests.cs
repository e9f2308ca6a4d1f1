using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

/// <summary>What holds for any octets and any way in which they arrive.</summary>
public sealed class SmtpLineReaderPropertyTests
{
    [Fact]
    public void TryRead_AnyOctetsAndAnySplit_LinesAreThoseBetweenCrLf() => Prop.ForAll(
        Arrival.Of(Arrival.Of("\r\n", "\r", "\n", "\r\r\n", ".", "x", "EHLO c\r\n")),
        Gen.Choose(3, 40).ToArbitrary(),
        static (arrival, limit) =>
        {
            var expected = arrival.Text.Split("\r\n")[..^1].Select(line => line.Length + 2 > limit ? null : line);

            var (lines, held) = Read(arrival, limit);

            Assert.Equal(expected, lines);
            Assert.True(held < limit, $"{held} octets held of lines of at most {limit}");
        }).Check(Arrival.Many);

    [Fact]
    public void TryRead_StreamWithoutLineEnd_HoldsLessThanTheLimit() => Prop.ForAll(
        Arrival.Of(Arrival.AnyOctets.Where(static octets => octets.AsSpan().IndexOf("\r\n"u8) < 0)),
        Gen.Choose(3, 20).ToArbitrary(),
        static (arrival, limit) =>
        {
            var (lines, held) = Read(arrival, limit);

            Assert.Empty(lines);
            Assert.True(held < limit, $"{held} octets held of lines of at most {limit}");
        }).Check(Arrival.Many);

    /// <summary>The lines, null for one over the limit, and the most octets that were left for the next piece.</summary>
    private static (List<string?> Lines, int Held) Read(Arrival arrival, int limit)
    {
        var reader = new SmtpLineReader(limit);
        var lines = new List<string?>();
        var feeder = new Feeder(arrival.Octets, arrival.Delivery);
        feeder.Run((ref ReadOnlySequence<byte> buffer) =>
        {
            var status = reader.TryRead(ref buffer, out var line);
            if (status != LineStatus.NeedMore)
            {
                lines.Add(status == LineStatus.Line ? Wire.Text(line.ToArray()) : null);
            }

            return status != LineStatus.NeedMore;
        });
        return (lines, feeder.MostHeld);
    }
}
