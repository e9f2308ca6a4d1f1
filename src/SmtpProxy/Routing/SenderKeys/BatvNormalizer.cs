using SmtpProxy.Configuration;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>Bounce address tags: <c>prvs=0123abcdef=user</c> counts as <c>user</c>, and so does the older <c>prvs=user/0123abcdef</c>
/// (draft-levine-smtp-batv). The tag changes daily. <c>msprvs1=</c> and <c>btv1==</c> are the same by other vendors.</summary>
internal sealed class BatvNormalizer : ISenderNormalizer
{
    private const int MinTagLength = 4;

    public string Name => SenderNormalizers.Batv;

    public bool TryStrip(ref SenderParts sender)
    {
        if (TryAfter(sender.LocalPart, "prvs=", out var rest) || TryAfter(sender.LocalPart, "msprvs1=", out rest))
        {
            return TryTagFirst(rest, "=", ref sender) || TryTagLast(rest, ref sender);
        }

        return TryAfter(sender.LocalPart, "btv1==", out rest) && TryTagFirst(rest, "==", ref sender);
    }

    private static bool TryAfter(ReadOnlySpan<char> localPart, string prefix, out ReadOnlySpan<char> rest)
    {
        var starts = localPart.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
        rest = starts ? localPart[prefix.Length..] : default;
        return starts;
    }

    private static bool TryTagFirst(ReadOnlySpan<char> rest, string separator, ref SenderParts sender)
    {
        var end = rest.IndexOf(separator);
        if (end < 0 || !IsTag(rest[..end]) || end + separator.Length == rest.Length)
        {
            return false;
        }

        sender.LocalPart = rest[(end + separator.Length)..];
        return true;
    }

    private static bool TryTagLast(ReadOnlySpan<char> rest, ref SenderParts sender)
    {
        var slash = rest.LastIndexOf('/');
        if (slash <= 0 || rest.Contains('=') || !IsTag(rest[(slash + 1)..]))
        {
            return false;
        }

        sender.LocalPart = rest[..slash];
        return true;
    }

    private static bool IsTag(ReadOnlySpan<char> text)
    {
        foreach (var unit in text)
        {
            if (!char.IsAsciiLetterOrDigit(unit))
            {
                return false;
            }
        }

        return text.Length >= MinTagLength;
    }
}
