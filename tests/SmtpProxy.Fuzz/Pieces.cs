using System.Buffers;

namespace SmtpProxy.Fuzz;

/// <summary>Cuts octets into the pieces in which they arrive, and buffers into segments, empty ones among them.</summary>
internal sealed class Pieces(int seed)
{
    private const int Most = 12;

    /// <summary>Takes what it can from the start of the buffer; true to be called again with the rest of it.</summary>
    public delegate bool Taker(ref ReadOnlySequence<byte> buffer);

    private readonly Random _random = new(seed);

    /// <summary>The most octets that stayed unread when more had to arrive.</summary>
    public int MostHeld { get; private set; }

    /// <summary>Where the pieces of <paramref name="length"/> octets end; the last one at the length.</summary>
    public int[] Ends(int length)
    {
        var count = _random.Next(4) switch { 0 => 1, 1 => 2, 2 => _random.Next(1, Most), _ => Math.Min(length, Most * Most) };
        var ends = Enumerable.Range(0, count).Select(_ => _random.Next(length + 1)).Append(length).ToArray();
        Array.Sort(ends);
        return ends;
    }

    /// <summary>Plays a pipe: what was not consumed is passed again with more behind it.</summary>
    public void Feed(byte[] input, Taker take)
    {
        var consumed = 0;
        foreach (var end in Ends(input.Length))
        {
            var buffer = Shape(input.AsMemory(consumed, end - consumed));
            while (take(ref buffer))
            {
                consumed = end - (int)buffer.Length;
            }

            consumed = end - (int)buffer.Length;
            MostHeld = Math.Max(MostHeld, (int)buffer.Length);
        }
    }

    public ReadOnlySequence<byte> Shape(ReadOnlyMemory<byte> octets)
    {
        if (_random.Next(3) == 0)
        {
            return new ReadOnlySequence<byte>(octets);
        }

        var first = new Segment(default, 0);
        var last = first;
        var at = 0;
        foreach (var end in Ends(octets.Length))
        {
            last = last.Append(octets[at..end]);
            at = end;
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
