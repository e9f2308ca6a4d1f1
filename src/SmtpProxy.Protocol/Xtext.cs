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

    private static bool IsUpperHex(byte octet) => octet is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'A' and <= (byte)'F');
}
