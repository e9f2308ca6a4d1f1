using System.Buffers;

namespace SmtpProxy.Transport.Pipes;

/// <summary>One pooled block with received octets.</summary>
internal sealed class BlockSegment : ReadOnlySequenceSegment<byte>
{
    private byte[] _block = [];

    /// <summary>The block behind this one.</summary>
    public BlockSegment? Following { get; private set; }

    /// <summary>Octets of the block that are filled.</summary>
    public int End { get; private set; }

    public int Capacity => _block.Length;

    /// <summary>The part of the block that is free.</summary>
    public Span<byte> Free => _block.AsSpan(End);

    public void Rent(int size)
    {
        _block = ArrayPool<byte>.Shared.Rent(size);
        End = 0;
        RunningIndex = 0;
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

    public void Return()
    {
        ArrayPool<byte>.Shared.Return(_block);
        (_block, End, Memory, Next, Following) = ([], 0, default, null, null);
    }
}
