using System.Buffers;
using System.Text;

namespace SmtpProxy.Infrastructure;

/// <summary>Octets from the wire as text: valid UTF-8 as such, anything else octet by octet (Latin-1).</summary>
internal static class WireText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Decode(ReadOnlySpan<byte> octets) =>
        Ascii.IsValid(octets) ? Encoding.ASCII.GetString(octets)
        : System.Text.Unicode.Utf8.IsValid(octets) ? Strict.GetString(octets)
        : Encoding.Latin1.GetString(octets);

    public static string Decode(in ReadOnlySequence<byte> octets, int limit)
    {
        var part = octets.Length > limit ? octets.Slice(0, limit) : octets;
        return part.IsSingleSegment ? Decode(part.FirstSpan) : Decode(part.ToArray());
    }
}
