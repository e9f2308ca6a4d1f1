using System.Buffers;

namespace SmtpProxy.Protocol;

/// <summary>Cuts whole replies out of a server's stream: several lines, in pieces, code only (RFC 5321 section 4.2.1). Resumable: lines seen
/// before are not read again. A bare LF ends a line too.</summary>
/// <param name="maxLine">Limit of one line with its end, in octets.</param>
/// <param name="maxReply">Limit of the whole reply, in octets.</param>
/// <param name="maxLines">Limit of the number of lines.</param>
public struct SmtpReplyParser(int maxLine, int maxReply, int maxLines)
{
    private readonly int _maxLine = maxLine;
    private readonly int _maxReply = maxReply;
    private readonly int _maxLines = maxLines;
    private long _lineStart;
    private long _searched;
    private int _lines;
    private int _code;
    private EnhancedStatusCode _enhanced;
    private bool _hasBareLineEnd;

    /// <summary>Reads one reply.</summary>
    /// <param name="buffer">What has arrived since the last reply; moved behind the reply when that is complete, else left as it is.</param>
    /// <param name="reply">The reply.</param>
    public ReplyStatus TryRead(ref ReadOnlySequence<byte> buffer, out SmtpReply reply)
    {
        reply = default;
        while (true)
        {
            var end = FindLineEnd(buffer);
            if (end < 0)
            {
                _searched = buffer.Length;
                return buffer.Length - _lineStart >= _maxLine || buffer.Length >= _maxReply ? ReplyStatus.TooLong : ReplyStatus.NeedMore;
            }

            if (end - _lineStart > _maxLine || end > _maxReply || ++_lines > _maxLines)
            {
                return ReplyStatus.TooLong;
            }

            if (!TryReadLine(buffer.Slice(_lineStart, end - _lineStart), out var isLast))
            {
                return ReplyStatus.Malformed;
            }

            _lineStart = end;
            _searched = end;
            if (isLast)
            {
                reply = new SmtpReply(_code, _enhanced, buffer.Slice(0, end), _hasBareLineEnd);
                buffer = buffer.Slice(end);
                _lineStart = _searched = _lines = _code = 0;
                _enhanced = default;
                _hasBareLineEnd = false;
                return ReplyStatus.Complete;
            }
        }
    }

    /// <summary>Offset behind the LF of the line that begins at the line start, or -1.</summary>
    private readonly long FindLineEnd(in ReadOnlySequence<byte> buffer)
    {
        var from = Math.Max(_lineStart, _searched);
        if (buffer.IsSingleSegment)
        {
            var at = buffer.FirstSpan[(int)from..].IndexOf((byte)'\n');
            return at < 0 ? -1 : from + at + 1;
        }

        var rest = buffer.Slice(from);
        return rest.PositionOf((byte)'\n') is { } position ? from + rest.Slice(0, position).Length + 1 : -1;
    }

    private bool TryReadLine(in ReadOnlySequence<byte> line, out bool isLast)
    {
        // Code, separator and the longest enhanced code with a blank: all that decides stands at the front.
        Span<byte> start = stackalloc byte[16];
        var length = (int)Math.Min(line.Length, start.Length);
        line.Slice(0, length).CopyTo(start);
        start = start[..length];
        isLast = true;
        if (length < 4 || start[..3].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return false;
        }

        var code = ((start[0] - '0') * 100) + ((start[1] - '0') * 10) + (start[2] - '0');
        if (code is < 200 or > 599 || (_code != 0 && _code != code))
        {
            return false;
        }

        isLast = start[3] != (byte)'-';
        if (isLast && start[3] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
        {
            return false;
        }

        if (_code == 0 && EnhancedStatusCode.TryParse(start[4..], out var enhanced, out _))
        {
            _enhanced = enhanced;
        }

        _code = code;
        Span<byte> end = stackalloc byte[2];
        line.Slice(line.Length - end.Length).CopyTo(end);
        _hasBareLineEnd |= end[0] != (byte)'\r';
        return true;
    }
}
