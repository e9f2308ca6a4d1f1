using System.Buffers;

namespace SmtpProxy.Transport.Pipes;

/// <summary>What was written and is not sent yet: octets gathered in a pooled block, and behind them the caller's own, where they lie. Holds no block
/// while it holds nothing.</summary>
internal struct WriteBuffer()
{
    // Replies, commands, and a short message with them.
    private const int SmallBlock = 16384;

    // A body.
    private const int LargeBlock = 65536;

    private byte[] _block = [];
    private int _start;
    private int _end;
    private int _nextSize = SmallBlock;
    private ReadOnlyMemory<byte> _borrowed;

    public long Length => _end - _start + _borrowed.Length;

    /// <summary>What is sent first.</summary>
    public ReadOnlySpan<byte> Gathered => _block.AsSpan(_start, _end - _start);

    /// <summary>What is sent after it.</summary>
    public ReadOnlySpan<byte> Borrowed => _borrowed.Span;

    /// <summary>Room for at least <paramref name="size"/> octets.</summary>
    public Memory<byte> Room(int size)
    {
        if (_block.Length - _end < Math.Max(size, 1))
        {
            Grow(Math.Max(size, 1));
        }

        return _block.AsMemory(_end);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _block.Length - _end);
        _end += count;
    }

    /// <summary>Puts the caller's octets behind what was gathered, without a copy, until <see cref="KeepBorrowed"/> or until they are sent.</summary>
    public void Borrow(ReadOnlyMemory<byte> octets) => _borrowed = octets;

    /// <summary>Takes a copy of what is left of the caller's octets.</summary>
    public void KeepBorrowed()
    {
        if (!_borrowed.IsEmpty)
        {
            _borrowed.CopyTo(Room(_borrowed.Length));
            _end += _borrowed.Length;
            _borrowed = default;
        }
    }

    /// <summary>Takes off what was sent.</summary>
    public void Consume(int count)
    {
        var gathered = Math.Min(count, _end - _start);
        _start += gathered;
        _borrowed = _borrowed[(count - gathered)..];
        if (_start == _end && _block.Length > 0)
        {
            // Blocks grow with what was gathered last: a body is copied once, a reply holds little.
            _nextSize = _end > SmallBlock ? LargeBlock : SmallBlock;
            ReturnBlock();
        }
    }

    /// <summary>Drops everything.</summary>
    public void Release()
    {
        _borrowed = default;
        ReturnBlock();
    }

    private void Grow(int size)
    {
        var length = _end - _start;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length + size, Math.Max(_nextSize, length > 0 ? Math.Max(LargeBlock, 2 * length) : 0)));
        Gathered.CopyTo(larger);
        ReturnBlock();
        (_block, _end) = (larger, length);
    }

    private void ReturnBlock()
    {
        if (_block.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_block);
        }

        (_block, _start, _end) = ([], 0, 0);
    }
}
