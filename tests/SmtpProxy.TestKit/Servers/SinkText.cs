using System.Text.RegularExpressions;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Servers;

/// <summary>Reads the text of a message for the well-behaved server, and takes other end marks when its entry says so.</summary>
internal sealed partial class SinkText(ServerSession session, ServerEntry entry, CancellationToken cancellationToken)
{
    // The longest end mark has 8 octets: that many may lie before a border between two reads.
    private const int Overlap = 8;

    // The longest mark first, so that of two that begin at the same octet the longer one is taken.
    private readonly byte[][] _marks = [.. entry.LenientEod.Select(Octets.Parse).Append("\r\n.\r\n"u8.ToArray()).OrderByDescending(mark => mark.Length)];

    /// <summary>The octets after 354, up to and with the end mark; they are put on record.</summary>
    public async Task<byte[]> ReadAsync()
    {
        var seen = 0;
        while (true)
        {
            if (FindEnd(seen) is { } length)
            {
                var text = session.Unread.Take(length);
                session.NoteWireData(text);
                return text;
            }

            seen = session.Unread.Length;
            if (!await session.ReadMoreAsync(cancellationToken))
            {
                throw new SessionEndedException();
            }
        }
    }

    public async Task<byte[]> ReadExactlyAsync(int count)
    {
        while (session.Unread.Length < count)
        {
            if (!await session.ReadMoreAsync(cancellationToken))
            {
                throw new SessionEndedException();
            }
        }

        return session.Unread.Take(count);
    }

    /// <summary>The text without its end mark and without the dots that transparency added.</summary>
    public static byte[] Unstuffed(byte[] text) =>
        text.AsSpan().EndsWith(".\r\n"u8) ? Octets.OfText(StuffedDot().Replace(Octets.TextOf(text.AsSpan(0, text.Length - 3)), "$1")) : text;

    /// <summary>How many octets the text has with its end mark; null while there is none.</summary>
    private int? FindEnd(int seen)
    {
        // The line end of the DATA line is the first part of an end mark at the very beginning.
        var from = Math.Max(0, seen - Overlap);
        var prefix = from == 0 ? "\r\n"u8 : [];
        ReadOnlySpan<byte> window = [.. prefix, .. session.Unread.Span[from..]];
        var (first, end) = (int.MaxValue, 0);
        foreach (var mark in _marks)
        {
            var at = window.IndexOf(mark);
            if (at >= 0 && at < first)
            {
                (first, end) = (at, from + at + mark.Length - prefix.Length);
            }
        }

        return first == int.MaxValue ? null : end;
    }

    [GeneratedRegex(@"(\A|\r\n)\.")]
    private static partial Regex StuffedDot();
}
