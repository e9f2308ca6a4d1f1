using System.Buffers;
using System.Buffers.Text;

namespace SmtpProxy.Sessions;

/// <summary>Takes the octets that belong to a refused BDAT out of the command stream (RFC 3030 section 2).</summary>
internal struct ChunkSkipper
{
    private long _left;

    /// <summary>True from a BDAT to the end of its octets.</summary>
    public bool IsSkipping { get; private set; }

    /// <summary>Begins to skip what <paramref name="argument"/> announces. False when its size cannot be read.</summary>
    public bool TryBegin(ReadOnlySpan<byte> argument)
    {
        IsSkipping = Utf8Parser.TryParse(argument, out _left, out var digits) && digits > 0 && _left >= 0
            && char.IsAsciiDigit((char)argument[0]) && (digits == argument.Length || argument[digits] == (byte)' ');
        return IsSkipping;
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
