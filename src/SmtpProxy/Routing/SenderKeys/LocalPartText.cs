using System.Buffers;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>Quotes of a local part: <c>"abc"@x</c> and <c>abc@x</c> are one mailbox, and so are <c>"a\b"</c> and <c>"ab"</c>
/// (RFC 5321 section 4.1.2). Quotes are put back where the text needs them, so that no two mailboxes share a text.</summary>
internal static class LocalPartText
{
    // The specials of RFC 5322 section 3.2.3 and the space. The dot is left out: a doubled or trailing one does exist in the wild, bare.
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create("()<>[]:;@\\,\" \t");

    public static bool IsQuoted(ReadOnlySpan<char> localPart) => localPart.Length >= 2 && localPart[0] == '"' && localPart[^1] == '"';

    /// <summary>Writes a quoted local part without quotes and escapes; <paramref name="destination"/> is at least as long.</summary>
    public static int Unquote(ReadOnlySpan<char> quoted, Span<char> destination)
    {
        var length = 0;
        var content = quoted[1..^1];
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] == '\\' && i + 1 < content.Length)
            {
                i++;
            }

            destination[length++] = content[i];
        }

        return length;
    }

    /// <summary>The most that <see cref="Write"/> can need.</summary>
    public static int MaxLength(ReadOnlySpan<char> text) => (2 * text.Length) + 2;

    /// <summary>Writes the text as a local part, quoted and escaped only where it must be.</summary>
    public static int Write(ReadOnlySpan<char> text, Span<char> destination)
    {
        if (!text.IsEmpty && !text.ContainsAny(NeedQuotes))
        {
            text.CopyTo(destination);
            return text.Length;
        }

        var length = 0;
        destination[length++] = '"';
        foreach (var unit in text)
        {
            if (unit is '"' or '\\')
            {
                destination[length++] = '\\';
            }

            destination[length++] = unit;
        }

        destination[length++] = '"';
        return length;
    }
}
