using System.Buffers;

namespace SmtpProxy.Transport.Pipes;

/// <summary>What was received and is not consumed yet, in pooled blocks. Holds no block while it holds nothing.</summary>
internal struct ReadBuffer()
{
    /// <summary>The first block: commands, and a short message with them.</summary>
    public const int SmallBlock = 16384;

    // Four times the block that was filled is the next one.
    private const int Growth = 4;

    // A remainder that waits for the rest of its line does not keep more than this.
    private const int IdleBlock = 4096;

    // Room that is worth a receive of its own.
    private const int UsefulRoom = 2048;

    private BlockSegment? _head;
    private BlockSegment? _tail;
    private int _start;
    private int _nextSize = SmallBlock;
    private bool _isExamined = true;

    public bool IsEmpty => _head is null;

    /// <summary>True when there is something that the consumer has not looked at.</summary>
    public bool HasUnexamined => _head is not null && !_isExamined;

    public ReadOnlySequence<byte> Sequence => _head is null ? default : new(_head, _start, _tail!, _tail!.End);

    /// <summary>Room for the next receive.</summary>
    public Span<byte> Room()
    {
        if (_tail is not null && _tail.Free.Length >= UsefulRoom)
        {
            return _tail.Free;
        }

        var segment = BlockSegment.Rent(_nextSize);
        if (_tail is null)
        {
            (_head, _start) = (segment, 0);
        }
        else
        {
            segment.Follow(_tail);
        }

        _tail = segment;
        return segment.Free;
    }

    /// <summary>Takes in what was received into <see cref="Room"/>. A receive that filled it makes the next block larger, up to
    /// <paramref name="maxBlock"/>.</summary>
    public void Commit(int count, int maxBlock)
    {
        if (count == 0)
        {
            DropEmptyTail();
            return;
        }

        var isFull = count == _tail!.Free.Length;
        _nextSize = isFull ? Math.Min(Math.Max(_tail.Capacity, SmallBlock) * Growth, maxBlock) : count < SmallBlock ? SmallBlock : _nextSize;
        _tail.Fill(count);
        _isExamined = false;
    }

    /// <summary>Gives back what was consumed.</summary>
    public void Advance(SequencePosition consumed, SequencePosition examined)
    {
        if (_head is null)
        {
            return;
        }

        _isExamined = Offset(examined) == _tail!.RunningIndex + _tail.End;
        if (Offset(consumed) > Offset(examined))
        {
            throw new InvalidOperationException("What is consumed must have been examined.");
        }

        if (consumed.GetObject() is not BlockSegment segment)
        {
            return;
        }

        while (_head != segment)
        {
            DropHead();
        }

        _start = consumed.GetInteger();
        while (_head is not null && _start == _head.End)
        {
            DropHead();
        }
    }

    /// <summary>Moves a short remainder into a small block, before a wait of unknown length.</summary>
    public void Compact()
    {
        var length = Sequence.Length;
        if (_head is null || length > IdleBlock / 2 || (_head == _tail && _head.Capacity <= IdleBlock))
        {
            return;
        }

        var segment = BlockSegment.Rent(IdleBlock);
        Sequence.CopyTo(segment.Free);
        segment.Fill((int)length);
        var isExamined = _isExamined;
        Release();
        (_head, _tail, _start, _isExamined) = (segment, segment, 0, isExamined);
    }

    /// <summary>Gives all blocks back.</summary>
    public void Release()
    {
        while (_head is not null)
        {
            DropHead();
        }
    }

    private static long Offset(SequencePosition position) =>
        position.GetObject() is BlockSegment segment ? segment.RunningIndex + position.GetInteger() : 0;

    private void DropHead()
    {
        var segment = _head!;
        (_head, _start) = (segment.Following, 0);
        if (_head is null)
        {
            (_tail, _isExamined) = (null, true);
        }

        segment.Return();
    }

    private void DropEmptyTail()
    {
        if (_head == _tail && _tail!.End == 0)
        {
            DropHead();
        }
    }
}
