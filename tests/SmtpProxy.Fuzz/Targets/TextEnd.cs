using System.Text.RegularExpressions;
using SmtpProxy.Protocol;

namespace SmtpProxy.Fuzz.Targets;

/// <summary>What there is to find in the text of a message, by patterns over all of it.</summary>
/// <param name="Status">What is found first.</param>
/// <param name="Text">Octets of text before it.</param>
/// <param name="End">Where the next command begins, or -1 without an end.</param>
internal readonly partial record struct TextEnd(BodyScanStatus Status, int Text, int End)
{
    private const int LineEnd = 2;

    public static TextEnd Of(string text, BareNewlinePolicy policy)
    {
        // The text begins at the beginning of a line.
        var all = "\r\n" + text;
        var at = all.IndexOf("\r\n.\r\n", StringComparison.Ordinal);
        var end = at < 0 ? -1 : at + 3;
        var offence = policy switch
        {
            BareNewlinePolicy.RejectAmbiguousEnd => At(AmbiguousDot().Match(all)),
            BareNewlinePolicy.Reject => Math.Min(At(AmbiguousDot().Match(all)), At(BareLineEnd().Match(all))),
            _ => int.MaxValue,
        };

        // The dot of the end stands two octets behind where the end begins.
        if (offence != int.MaxValue && (at < 0 || offence < at + LineEnd))
        {
            return new(BodyScanStatus.Rejected, offence - LineEnd, end);
        }

        return at < 0 ? new(BodyScanStatus.More, text.Length, -1) : new(BodyScanStatus.End, at, end);
    }

    private static int At(Match match) => match.Success ? match.Index : int.MaxValue;

    // A lone dot with a line end of some kind on both sides, one of which is not CRLF. After CRLF the offence begins at the dot, else at the
    // bare octet before it.
    [GeneratedRegex(@"(?<=\r\n)\.(?:\n|\r[^\n])|(?:(?<!\r)\n|\r)\.(?:\n|\r[\s\S])")]
    private static partial Regex AmbiguousDot();

    [GeneratedRegex(@"(?<!\r)\n|\r(?=[^\n])")]
    private static partial Regex BareLineEnd();
}
