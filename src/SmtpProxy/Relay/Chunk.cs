using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SmtpProxy.Relay;

/// <summary>What a BDAT command announces (RFC 3030 section 2).</summary>
/// <param name="Size">Octets that follow the command's line.</param>
/// <param name="IsLast">The text ends with them.</param>
internal readonly record struct Chunk(long Size, bool IsLast)
{
    /// <summary>Reads <c>size</c> or <c>size LAST</c>. Anything else, and where the next command begins would be a guess.</summary>
    public static bool TryParse(ReadOnlySpan<byte> argument, out Chunk chunk)
    {
        chunk = default;
        var digits = argument.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var number = digits < 0 ? argument : argument[..digits];
        var rest = argument[number.Length..];
        var keyword = rest.Trim(" \t"u8);
        if (!Utf8Parser.TryParse(number, out long size, out var read) || read != number.Length
            || !(rest.IsEmpty || (keyword.Length < rest.Length && Ascii.EqualsIgnoreCase(keyword, "LAST"u8))))
        {
            return false;
        }

        chunk = new Chunk(size, IsLast: !rest.IsEmpty);
        return true;
    }

    /// <summary>Writes the command anew in strict form.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        Span<byte> number = stackalloc byte[20];
        Utf8Formatter.TryFormat(Size, number, out var length);
        output.Write("BDAT "u8);
        output.Write(number[..length]);
        output.Write(IsLast ? " LAST\r\n"u8 : "\r\n"u8);
    }
}
