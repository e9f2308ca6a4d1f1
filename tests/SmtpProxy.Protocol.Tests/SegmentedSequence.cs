using System.Buffers;

namespace SmtpProxy.Protocol.Tests;

/// <summary>Builds sequences whose segments begin where a test wants them to.</summary>
internal static class SegmentedSequence
{
    public static ReadOnlySequence<byte> SplitAt(ReadOnlyMemory<byte> octets, int at) => Join(octets[..at], octets[at..]);

    public static ReadOnlySequence<byte> BytePerSegment(ReadOnlyMemory<byte> octets)
    {
        var parts = new ReadOnlyMemory<byte>[octets.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = octets.Slice(i, 1);
        }

        return Join(parts);
    }

    /// <summary>A byte per segment, with an empty segment before and behind each.</summary>
    public static ReadOnlySequence<byte> EmptyBetween(ReadOnlyMemory<byte> octets)
    {
        var parts = new ReadOnlyMemory<byte>[(2 * octets.Length) + 1];
        for (var i = 0; i < octets.Length; i++)
        {
            parts[(2 * i) + 1] = octets.Slice(i, 1);
        }

        return Join(parts);
    }

    public static ReadOnlySequence<byte> Join(params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        if (parts.IsEmpty)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        var first = new Segment(parts[0], 0);
        var last = first;
        foreach (var part in parts[1..])
        {
            last = last.Append(part);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
