using System.Buffers;

namespace SmtpProxy.Protocol;

/// <summary>Finds where a path ends and what its parts are. No octet is changed: quotes stay as given.</summary>
internal static class PathReader
{
    // What no atom holds (RFC 5321 section 4.1.2, RFC 5322 section 3.2.3). A server may take "a(b)@c" for "a@c" and ":;" for nobody.
    private static readonly SearchValues<byte> NotInAtom =
        SearchValues.Create([.. Enumerable.Range(0, ' ' + 1).Select(static octet => (byte)octet), .. "()<>[]:;,\"\\@\x7f"u8]);

    // RFC 5321 section 4.1.3 allows more, but no literal in use has it, and a server may take it for the end of the path.
    private static readonly SearchValues<byte> NotInLiteral =
        SearchValues.Create([.. Enumerable.Range(0, ' ' + 1).Select(static octet => (byte)octet), .. "()<>[];,\"\\@\x7f"u8]);

    public static EnvelopeStatus TryRead(ReadOnlySpan<byte> text, bool lenient, out EnvelopePath path, out int consumed)
    {
        path = default;
        consumed = 0;
        var isBracketed = text[0] == (byte)'<';
        if (!isBracketed && !lenient)
        {
            return EnvelopeStatus.Syntax;
        }

        var start = isBracketed ? 1 : 0;
        if (isBracketed && !TrySkipRoute(text, ref start))
        {
            return EnvelopeStatus.BadPath;
        }

        var end = FindEnd(text, start, isBracketed, out var at);
        if (end < 0)
        {
            return EnvelopeStatus.BadPath;
        }

        consumed = isBracketed ? end + 1 : end;
        var mailbox = text[start..end];
        if (mailbox.IsEmpty)
        {
            // A source route must lead to somebody, and a path without brackets has to be one.
            return isBracketed && start == 1 ? EnvelopeStatus.Ok : EnvelopeStatus.BadPath;
        }

        path = new EnvelopePath(mailbox, at < 0 ? -1 : at - start);
        return IsMailbox(path, at >= 0) ? EnvelopeStatus.Ok : EnvelopeStatus.BadPath;
    }

    /// <summary>Steps over <c>@a,@b:</c> (RFC 5321 section 4.1.1.3: accepted and ignored).</summary>
    private static bool TrySkipRoute(ReadOnlySpan<byte> text, ref int start)
    {
        if (text.Length <= start || text[start] != (byte)'@')
        {
            return true;
        }

        var colon = text[start..].IndexOfAny((byte)':', (byte)'>', (byte)'"');
        if (colon < 0 || text[start + colon] != (byte)':')
        {
            return false;
        }

        foreach (var range in text.Slice(start, colon).Split((byte)','))
        {
            var hop = text.Slice(start, colon)[range].Trim((byte)' ');
            if (hop.Length < 2 || hop[0] != (byte)'@' || !IsDomain(hop[1..]))
            {
                return false;
            }
        }

        start += colon + 1;
        return true;
    }

    /// <summary>Position behind the mailbox, or -1; quoted strings may hold anything. <paramref name="at"/>: the <c>@</c> before the domain, or -1.</summary>
    private static int FindEnd(ReadOnlySpan<byte> text, int start, bool isBracketed, out int at)
    {
        at = -1;
        var isQuoted = false;
        for (var i = start; i < text.Length; i++)
        {
            var octet = text[i];
            if (isQuoted)
            {
                if (octet == (byte)'\\')
                {
                    i++;
                }
                else if (octet == (byte)'"')
                {
                    isQuoted = false;
                }

                continue;
            }

            switch (octet)
            {
                case (byte)'"':
                    isQuoted = true;
                    break;
                case (byte)'@':
                    at = i;
                    break;
                case (byte)'>' when isBracketed:
                    return i;
                case (byte)' ' or (byte)'\t':
                    return isBracketed ? -1 : i;
                case (byte)'<' or (byte)'>':
                    return -1;
                default:
                    break;
            }
        }

        return isBracketed || isQuoted ? -1 : text.Length;
    }

    private static bool IsMailbox(EnvelopePath path, bool hasAt) =>
        IsLocalPart(path.LocalPart) && (!hasAt || IsDomain(path.Domain));

    private static bool IsLocalPart(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty)
        {
            return false;
        }

        // A quoted string is the whole local part or none of it (RFC 5321 section 4.1.2); the obsolete mixed form is refused.
        return part[0] == (byte)'"' ? IsOneQuotedString(part) && !HasControl(part) : !part.ContainsAny(NotInAtom);
    }

    private static bool IsOneQuotedString(ReadOnlySpan<byte> part)
    {
        for (var i = 1; i < part.Length; i++)
        {
            if (part[i] == (byte)'\\')
            {
                i++;
            }
            else if (part[i] == (byte)'"')
            {
                return i == part.Length - 1;
            }
        }

        return false;
    }

    private static bool IsDomain(ReadOnlySpan<byte> domain)
    {
        if (domain.IsEmpty)
        {
            return false;
        }

        if (domain[0] == (byte)'[')
        {
            return domain.Length > 2 && domain[^1] == (byte)']' && !domain[1..^1].ContainsAny(NotInLiteral);
        }

        return !domain.ContainsAny(NotInAtom) && domain[0] != (byte)'.' && domain.IndexOf(".."u8) < 0;
    }

    private static bool HasControl(ReadOnlySpan<byte> text) => text.ContainsAnyInRange((byte)0, (byte)0x1f) || text.Contains((byte)0x7f);
}
