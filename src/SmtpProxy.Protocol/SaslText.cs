using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SmtpProxy.Protocol;

/// <summary>Reads the lines of an AUTH exchange: who wants to log in, and nothing else of what they hold. Decoded octets are wiped before a
/// method returns.</summary>
public static class SaslText
{
    // RFC 4616 section 2: authcid = 1*SAFE ; MUST accept up to 255 octets.
    private const int MaxName = 255;
    private const int StackLength = 768;

    private static readonly SearchValues<byte> Base64Octets =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>True for base64 in whole groups of four (RFC 4648 section 4), also for none: that is an empty response. Anything else could be
    /// more than one line to a server that takes a bare CR or LF for a line end.</summary>
    public static bool IsBase64(ReadOnlySpan<byte> line)
    {
        if (line.Length % 4 != 0)
        {
            return false;
        }

        var end = line.IndexOfAnyExcept(Base64Octets);
        return end < 0 || (line.Length - end <= 2 && !line[end..].ContainsAnyExcept((byte)'='));
    }

    /// <summary>The name in a message of PLAIN, <c>[authzid] NUL authcid NUL passwd</c> (RFC 4616): the authcid, which is whose password it is.
    /// Null when there is none that can be read.</summary>
    public static string? UserOfPlain(ReadOnlySpan<byte> base64) => Decode(base64, isPlain: true);

    /// <summary>The name in the first answer of LOGIN; null when there is none that can be read.</summary>
    public static string? UserOfLogin(ReadOnlySpan<byte> base64) => Decode(base64, isPlain: false);

    private static string? Decode(ReadOnlySpan<byte> base64, bool isPlain)
    {
        var length = Base64.GetMaxDecodedFromUtf8Length(base64.Length);
        var octets = length <= StackLength ? stackalloc byte[StackLength] : new byte[length];
        try
        {
            return Base64.DecodeFromUtf8(base64, octets, out _, out var written) == OperationStatus.Done
                ? Name(isPlain ? Authcid(octets[..written]) : octets[..written])
                : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    private static ReadOnlySpan<byte> Authcid(ReadOnlySpan<byte> message)
    {
        var start = message.IndexOf((byte)0) + 1;
        var length = message[start..].IndexOf((byte)0);
        return start == 0 || length < 0 ? default : message.Slice(start, length);
    }

    // A name with control characters is nobody's, and would be a nuisance wherever it is shown or kept.
    private static string? Name(ReadOnlySpan<byte> octets)
    {
        if (octets.Length is 0 or > MaxName || !System.Text.Unicode.Utf8.IsValid(octets))
        {
            return null;
        }

        var name = Strict.GetString(octets);
        return name.AsSpan().ContainsAnyInRange('\0', '\x1F') || name.AsSpan().ContainsAnyInRange('\x7F', '\x9F') ? null : name;
    }
}
