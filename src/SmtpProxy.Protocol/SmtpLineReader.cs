using System.Buffers;

namespace SmtpProxy.Protocol;

/// <summary>Cuts command lines out of a stream. Only CRLF ends a line (RFC 5321 section 2.3.8). A line over the limit is skipped as it comes,
/// never buffered, and reported once. Resumable: octets seen before are not searched again.</summary>
/// <param name="maxLength">Longest line accepted, in octets, its CRLF included.</param>
public struct SmtpLineReader(int maxLength)
{
    private long _searched;
    private bool _isSkipping;

    /// <summary>Longest line accepted, in octets, its CRLF included. May change while no line is being skipped.</summary>
    public int MaxLength { readonly get; set; } = maxLength;

    /// <summary>True while the rest of a line over the limit is awaited.</summary>
    public readonly bool IsSkipping => _isSkipping;

    /// <summary>Reads one line.</summary>
    /// <param name="buffer">What has arrived; on return, what is left of it.</param>
    /// <param name="line">The line without its CRLF, valid as long as the buffer is.</param>
    public LineStatus TryRead(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        line = default;
        if (_isSkipping)
        {
            return Skip(ref buffer);
        }

        var end = FindEnd(buffer);
        if (end < 0)
        {
            if (buffer.Length < MaxLength)
            {
                _searched = buffer.Length;
                return LineStatus.NeedMore;
            }

            _isSkipping = true;
            return Skip(ref buffer);
        }

        _searched = 0;
        if (end + 2 > MaxLength)
        {
            buffer = buffer.Slice(end + 2);
            return LineStatus.TooLong;
        }

        line = buffer.Slice(0, end);
        buffer = buffer.Slice(end + 2);
        return LineStatus.Line;
    }

    private readonly long FindEnd(in ReadOnlySequence<byte> buffer)
    {
        // A CR that was the last octet seen may begin the line end.
        var from = Math.Max(0, _searched - 1);
        if (buffer.IsSingleSegment)
        {
            var at = buffer.FirstSpan[(int)from..].IndexOf("\r\n"u8);
            return at < 0 ? -1 : from + at;
        }

        var reader = new SequenceReader<byte>(buffer.Slice(from));
        return reader.TryReadTo(out ReadOnlySequence<byte> part, "\r\n"u8) ? from + part.Length : -1;
    }

    private LineStatus Skip(ref ReadOnlySequence<byte> buffer)
    {
        var end = FindEnd(buffer);
        _searched = 0;
        if (end >= 0)
        {
            _isSkipping = false;
            buffer = buffer.Slice(end + 2);
            return LineStatus.TooLong;
        }

        // The last octet stays if it is a CR: the line end may straddle two reads.
        var keep = !buffer.IsEmpty && LastOctet(buffer) == (byte)'\r' ? 1 : 0;
        buffer = buffer.Slice(buffer.Length - keep);
        return LineStatus.NeedMore;
    }

    private static byte LastOctet(in ReadOnlySequence<byte> buffer)
    {
        // Not by the first span: where the buffer begins with an exhausted segment, that one is empty.
        Span<byte> last = stackalloc byte[1];
        buffer.Slice(buffer.Length - 1).CopyTo(last);
        return last[0];
    }
}
