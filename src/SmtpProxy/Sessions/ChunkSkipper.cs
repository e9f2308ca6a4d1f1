using System.Buffers;

namespace SmtpProxy.Sessions;

/// <summary>Takes the octets that belong to a BDAT outside a transaction out of the command stream (RFC 3030 section 2).</summary>
internal struct ChunkSkipper
{
    private long _left;

    /// <summary>True from a BDAT to the end of its octets.</summary>
    public bool IsSkipping { get; private set; }

    /// <summary>Begins to skip so many octets.</summary>
    public void Begin(long size)
    {
        _left = size;
        IsSkipping = true;
    }

    /// <summary>Skips. True when all octets have gone by.</summary>
    public bool TrySkip(ref ReadOnlySequence<byte> buffer)
    {
        var part = Math.Min(_left, buffer.Length);
        buffer = buffer.Slice(part);
        _left -= part;
        IsSkipping = _left > 0;
        return !IsSkipping;
    }
}
