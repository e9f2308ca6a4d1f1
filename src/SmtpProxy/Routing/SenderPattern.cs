using SmtpProxy.Model;

namespace SmtpProxy.Routing;

/// <summary>One entry of <c>Senders</c> or <c>SenderDomains</c>.</summary>
/// <param name="Kind">What is compared.</param>
/// <param name="Text">The address, the domain, or the domain that lies above; empty for the null sender.</param>
internal readonly record struct SenderPattern(SenderPatternKind Kind, string Text)
{
    private const string Wildcard = "*.";

    public static SenderPattern OfAddress(string text) => new(SenderPatternKind.Address, text == "<>" ? "" : text);

    public static SenderPattern OfDomain(string text) =>
        text.StartsWith(Wildcard, StringComparison.Ordinal)
            ? new SenderPattern(SenderPatternKind.Subdomains, text[Wildcard.Length..])
            : new SenderPattern(SenderPatternKind.Domain, text);

    /// <summary>Case never matters, in local parts neither: no operator means two senders by two spellings.</summary>
    public bool Fits(Envelope envelope) => Kind switch
    {
        SenderPatternKind.Address => string.Equals(envelope.Sender, Text, StringComparison.OrdinalIgnoreCase),
        SenderPatternKind.Domain => envelope.SenderDomain.Equals(Text, StringComparison.OrdinalIgnoreCase),
        SenderPatternKind.Subdomains => IsBelow(envelope.SenderDomain),
        _ => false,
    };

    private bool IsBelow(ReadOnlySpan<char> domain)
    {
        var dot = domain.Length - Text.Length - 1;
        return dot > 0 && domain[dot] == '.' && domain[(dot + 1)..].Equals(Text, StringComparison.OrdinalIgnoreCase);
    }
}
