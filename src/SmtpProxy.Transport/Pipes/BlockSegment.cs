using System.Buffers;

namespace SmtpProxy.Transport.Pipes;

/// <summary>One pooled block with received octets.</summary>
internal sealed class BlockSegment : ReadOnlySequenceSegment<byte>
{
    private const int MaxSpares = 64;

    // What a connection gives back here the next one of the same loop takes: no idle connection keeps one for itself.
    [ThreadStatic]
    private static BlockSegment? _spares;

    [ThreadStatic]
    private static int _spareCount;

    private byte[] _block = [];

    /// <summary>The block behind this one.</summary>
    public BlockSegment? Following { get; private set; }

    /// <summary>Octets of the block that are filled.</summary>
    public int End { get; private set; }

    public int Capacity => _block.Length;

    /// <summary>The part of the block that is free.</summary>
    public Span<byte> Free => _block.AsSpan(End);

    /// <summary>A segment over an empty block of at least <paramref name="size"/> octets.</summary>
    public static BlockSegment Rent(int size)
    {
        var segment = _spares;
        if (segment is null)
        {
            segment = new BlockSegment();
        }
        else
        {
            (_spares, segment.Following) = (segment.Following, null);
            _spareCount--;
        }

        segment._block = ArrayPool<byte>.Shared.Rent(size);
        return segment;
    }

    /// <summary>Notes that <paramref name="count"/> more octets are filled.</summary>
    public void Fill(int count)
    {
        End += count;
        Memory = _block.AsMemory(0, End);
    }

    public void Follow(BlockSegment previous)
    {
        RunningIndex = previous.RunningIndex + previous.End;
        previous.Next = this;
        previous.Following = this;
    }

    /// <summary>Gives the block back, and the segment with it.</summary>
    public void Return()
    {
        ArrayPool<byte>.Shared.Return(_block);
        (_block, End, RunningIndex, Memory, Next, Following) = ([], 0, 0, default, null, null);
        if (_spareCount < MaxSpares)
        {
            (Following, _spares) = (_spares, this);
            _spareCount++;
        }
    }
}
