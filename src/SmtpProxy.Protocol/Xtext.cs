namespace SmtpProxy.Protocol;

/// <summary>xtext: printable ASCII in which <c>+</c>, <c>=</c> and what is not printable stand as <c>+XX</c> (RFC 3461 section 4).</summary>
public static class Xtext
{
    /// <summary>True when <paramref name="text"/> is well-formed xtext.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)'+')
            {
                if (i + 2 >= text.Length || !IsUpperHex(text[i + 1]) || !IsUpperHex(text[i + 2]))
                {
                    return false;
                }

                i += 2;
            }
            else if (text[i] is < (byte)'!' or > (byte)'~' or (byte)'=')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Encodes <paramref name="text"/> as far as <paramref name="destination"/> has room; returns the octets written.</summary>
    /// <param name="text">Any octets.</param>
    /// <param name="destination">Where the xtext goes.</param>
    public static int Encode(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var used = 0;
        foreach (var octet in text)
        {
            var isPlain = octet is >= (byte)'!' and <= (byte)'~' and not ((byte)'+' or (byte)'=');
            if (destination.Length - used < (isPlain ? 1 : 3))
            {
                break;
            }

            if (isPlain)
            {
                destination[used++] = octet;
            }
            else
            {
                destination[used++] = (byte)'+';
                destination[used++] = "0123456789ABCDEF"u8[octet >> 4];
                destination[used++] = "0123456789ABCDEF"u8[octet & 15];
            }
        }

        return used;
    }

    private static bool IsUpperHex(byte octet) => octet is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'A' and <= (byte)'F');
}
