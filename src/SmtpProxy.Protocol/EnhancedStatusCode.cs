using System.Buffers.Text;
using System.Globalization;

namespace SmtpProxy.Protocol;

/// <summary>An enhanced mail system status code, <c>class.subject.detail</c> (RFC 3463).</summary>
/// <param name="Class">2, 4 or 5; 0 when there is no code.</param>
/// <param name="Subject">What it is about, 0 to 999.</param>
/// <param name="Detail">The detail, 0 to 999.</param>
public readonly record struct EnhancedStatusCode(byte Class, ushort Subject, ushort Detail)
{
    /// <summary>True when there is no code.</summary>
    public bool IsNone => Class == 0;

    /// <summary>Reads a code at the start of <paramref name="text"/>; it must end there or at a blank.</summary>
    /// <param name="text">Text of a reply behind its code.</param>
    /// <param name="code">The code read.</param>
    /// <param name="length">Octets that it takes.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out EnhancedStatusCode code, out int length)
    {
        code = default;
        length = 0;
        if (text.Length < 5 || text[0] is not ((byte)'2' or (byte)'4' or (byte)'5') || text[1] != (byte)'.')
        {
            return false;
        }

        if (!TryNumber(text[2..], out var subject, out var read) || text.Length <= 2 + read || text[2 + read] != (byte)'.')
        {
            return false;
        }

        var at = 3 + read;
        if (!TryNumber(text[at..], out var detail, out read))
        {
            return false;
        }

        length = at + read;
        if (length < text.Length && text[length] is not ((byte)' ' or (byte)'\r' or (byte)'\n'))
        {
            return false;
        }

        code = new EnhancedStatusCode((byte)(text[0] - '0'), subject, detail);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => IsNone ? "" : string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    private static bool TryNumber(ReadOnlySpan<byte> text, out ushort number, out int read)
    {
        var digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        read = digits < 0 ? text.Length : digits;
        number = 0;
        return read is > 0 and <= 3 && Utf8Parser.TryParse(text[..read], out number, out _);
    }
}
