namespace SmtpProxy.Accounting;

/// <summary>Lines that wait to be written: bounded by number, the oldest goes first. They lie one behind another in blocks that are used again, so that a
/// line costs a copy and no array of its own, and a block is written as it is.</summary>
/// <param name="capacity">Lines that may wait.</param>
internal sealed class LineQueue(int capacity)
{
    /// <summary>Octets of a block: some hundred lines, and more than the longest.</summary>
    public const int BlockSize = 64 * 1024;

    // One is filled while the other is written. More are needed only while the reader is slow, and not kept for the next time.
    private const int MaxSpares = 2;

    private readonly Lock _lock = new();
    private readonly Queue<LineBlock> _blocks = new();
    private readonly Stack<LineBlock> _spares = new(MaxSpares);
    private LineBlock? _last;
    private int _lines;
    private bool _isClosed;

    /// <summary>Takes a copy of <paramref name="line"/>, which ends with its only line end.</summary>
    /// <param name="line">The line.</param>
    /// <param name="wasEmpty">True when no line waited before.</param>
    /// <returns>False when a line was lost for it: the oldest, or after the end this one.</returns>
    public bool TryAdd(ReadOnlySpan<byte> line, out bool wasEmpty)
    {
        lock (_lock)
        {
            wasEmpty = _lines == 0;
            if (_isClosed)
            {
                return false;
            }

            var isFull = _lines == capacity;
            if (isFull)
            {
                DropFirst();
            }

            if (_last is null || !_last.TryAdd(line))
            {
                _last = line.Length <= BlockSize && _spares.TryPop(out var spare) ? spare : new LineBlock(Math.Max(BlockSize, line.Length));
                _blocks.Enqueue(_last);
                _last.TryAdd(line);
            }

            _lines++;
            return !isFull;
        }
    }

    /// <summary>Takes out the oldest lines, as many as one block holds; null when none wait. The block must come back by <see cref="Return"/>.</summary>
    public LineBlock? Take()
    {
        lock (_lock)
        {
            if (!_blocks.TryDequeue(out var first))
            {
                return null;
            }

            Leave(first);
            _lines -= first.Lines;
            return first;
        }
    }

    /// <summary>Gives a block back whose lines are written or lost.</summary>
    public void Return(LineBlock block)
    {
        lock (_lock)
        {
            Keep(block);
        }
    }

    /// <summary>Takes no line from now on; those that wait stay.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }

    private void DropFirst()
    {
        var first = _blocks.Peek();
        first.DropFirst();
        _lines--;
        if (first.Lines == 0)
        {
            _blocks.Dequeue();
            Leave(first);
            Keep(first);
        }
    }

    // What is taken is not written to any more.
    private void Leave(LineBlock block) => _last = _last == block ? null : _last;

    private void Keep(LineBlock block)
    {
        if (_spares.Count < MaxSpares && block.Size == BlockSize)
        {
            block.Clear();
            _spares.Push(block);
        }
    }
}
