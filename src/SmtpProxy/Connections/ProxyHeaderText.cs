using System.Buffers;
using System.Globalization;
using System.Text;
using SmtpProxy.Protocol.ProxyProtocol;

namespace SmtpProxy.Connections;

/// <summary>The beginning of what came in place of a header, for the log: one line, bounded, nothing in it but printable ASCII.</summary>
internal static class ProxyHeaderText
{
    /// <summary>The first line, or the first octets in hexadecimal when they begin like version 2.</summary>
    public static string Show(in ReadOnlySequence<byte> octets)
    {
        var start = octets.Slice(0, Math.Min(octets.Length, ProxyHeader.MaxV1Length)).ToArray().AsSpan();
        if (start.StartsWith("\r\n"u8))
        {
            return Convert.ToHexString(start[..Math.Min(start.Length, ProxyHeader.V2FixedLength)]);
        }

        var end = start.IndexOfAny((byte)'\r', (byte)'\n');
        var text = new StringBuilder(ProxyHeader.MaxV1Length);
        foreach (var octet in end < 0 ? start : start[..end])
        {
            if (octet is >= (byte)' ' and <= (byte)'~' and not (byte)'\\')
            {
                text.Append((char)octet);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"\\x{octet:X2}");
            }
        }

        return text.ToString();
    }
}
