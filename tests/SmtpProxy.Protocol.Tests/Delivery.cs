using System.Buffers;

namespace SmtpProxy.Protocol.Tests;

/// <summary>One way in which octets may arrive: where the pieces end, and how a buffer is cut into segments.</summary>
internal sealed record Delivery(string Name, IReadOnlyList<int> Ends, Func<ReadOnlyMemory<byte>, ReadOnlySequence<byte>> Shape)
{
    /// <summary>Whole, every split point in two segments and in two pieces, byte per segment, octet by octet, and with the empty segments that a
    /// pipe makes of a buffer into which nothing came.</summary>
    public static IEnumerable<Delivery> All(int length)
    {
        yield return new("whole", [length], Contiguous);
        yield return new("byte per segment", [length], SegmentedSequence.BytePerSegment);
        yield return new("byte per segment, empty ones between", [length], SegmentedSequence.EmptyBetween);
        yield return new("octet by octet, empty segments between", [.. Enumerable.Range(1, length)], SegmentedSequence.EmptyBetween);
        yield return new("octet by octet", [.. Enumerable.Range(1, length)], Contiguous);
        yield return new("octet by octet, byte per segment", [.. Enumerable.Range(1, length)], SegmentedSequence.BytePerSegment);
        for (var at = 0; at <= length; at++)
        {
            var split = at;
            yield return new($"segments split at {at}", [length], octets => SegmentedSequence.SplitAt(octets, split));
            yield return new($"pieces split at {at}", [at, length], Contiguous);
        }
    }

    /// <summary>In pieces of one size, for inputs too large to try every split.</summary>
    public static Delivery InPieces(int length, int size) =>
        new($"pieces of {size}", [.. Enumerable.Range(1, (length + size - 1) / size).Select(piece => Math.Min(piece * size, length))], Contiguous);

    public override string ToString() => Name;

    private static ReadOnlySequence<byte> Contiguous(ReadOnlyMemory<byte> octets) => new(octets);
}
