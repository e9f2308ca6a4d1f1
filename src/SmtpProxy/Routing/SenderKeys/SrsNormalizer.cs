using SmtpProxy.Configuration;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>Addresses rewritten by forwarders (Sender Rewriting Scheme) count as the address they were rewritten from:
/// <c>SRS0=hash=time=domain=user</c>, <c>SRS1=hash=forwarder==hash=time=domain=user</c>, and Exchange Online's
/// <c>mailbox+SRS=hash=time=domain=user</c>. Hash and time change daily.</summary>
internal sealed class SrsNormalizer : ISenderNormalizer
{
    private const int TagLength = 4;
    private const string Infix = "+SRS=";

    public string Name => SenderNormalizers.Srs;

    /// <summary>True for anything that looks rewritten, well-formed or not.</summary>
    public static bool IsRewritten(ReadOnlySpan<char> localPart) =>
        IsTagged(localPart, "SRS0") || IsTagged(localPart, "SRS1") || localPart.Contains(Infix, StringComparison.OrdinalIgnoreCase);

    public bool TryStrip(ref SenderParts sender)
    {
        var localPart = sender.LocalPart;
        if (IsTagged(localPart, "SRS0"))
        {
            return TryOriginal(localPart[(TagLength + 1)..], ref sender);
        }

        if (IsTagged(localPart, "SRS1"))
        {
            // The first forwarder's own text follows its name, led by the separator that it used after SRS0.
            var rest = localPart[(TagLength + 1)..];
            return TryTake(ref rest, out _) && TryTake(ref rest, out _) && !rest.IsEmpty && IsSeparator(rest[0])
                && TryOriginal(rest[1..], ref sender);
        }

        var infix = localPart.IndexOf(Infix, StringComparison.OrdinalIgnoreCase);
        return infix > 0 && TryExchange(localPart, infix, ref sender);
    }

    private static bool TryExchange(ReadOnlySpan<char> localPart, int infix, ref SenderParts sender)
    {
        // Without an original address (bounces+SRS=hash=time) the mailbox is the sender.
        if (!TryOriginal(localPart[(infix + Infix.Length)..], ref sender))
        {
            sender.LocalPart = localPart[..infix];
        }

        return true;
    }

    private static bool TryOriginal(ReadOnlySpan<char> rest, ref SenderParts sender)
    {
        if (!TryTake(ref rest, out _) || !TryTake(ref rest, out _) || !TryTake(ref rest, out var domain) || rest.IsEmpty)
        {
            return false;
        }

        sender.LocalPart = rest;
        sender.Domain = domain;
        return true;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> field)
    {
        var end = rest.IndexOf('=');
        field = end > 0 ? rest[..end] : default;
        rest = end > 0 ? rest[(end + 1)..] : rest;
        return end > 0;
    }

    private static bool IsTagged(ReadOnlySpan<char> localPart, string tag) =>
        localPart.Length > TagLength && localPart.StartsWith(tag, StringComparison.OrdinalIgnoreCase) && IsSeparator(localPart[TagLength]);

    private static bool IsSeparator(char unit) => unit is '=' or '+' or '-';
}
