namespace SmtpProxy.Accounting;

/// <summary>Some lines of a <see cref="LineQueue"/>, one behind another.</summary>
internal sealed class LineBlock(int size)
{
    private readonly byte[] _octets = new byte[size];
    private int _start;
    private int _end;

    public int Size => _octets.Length;

    /// <summary>Lines that it holds.</summary>
    public int Lines { get; private set; }

    public ReadOnlyMemory<byte> Octets => _octets.AsMemory(_start, _end - _start);

    /// <summary>Takes a copy of a line. False when there is no room for it.</summary>
    public bool TryAdd(ReadOnlySpan<byte> line)
    {
        if (!line.TryCopyTo(_octets.AsSpan(_end)))
        {
            return false;
        }

        _end += line.Length;
        Lines++;
        return true;
    }

    /// <summary>Forgets its first line.</summary>
    public void DropFirst()
    {
        _start += Octets.Span.IndexOf((byte)'\n') + 1;
        Lines--;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => (_start, _end, Lines) = (0, 0, 0);
}
