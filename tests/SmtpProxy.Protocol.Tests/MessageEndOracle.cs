namespace SmtpProxy.Protocol.Tests;

/// <summary>Says what a scan must find, looking at the whole text with all of it at hand and as plainly as the rules are worded.</summary>
/// <param name="Status">Result.</param>
/// <param name="Body">Octets of text that may reach the server in the end.</param>
/// <param name="Consumed">Octets behind which the next command begins; at a rejection those before the offending place.</param>
internal readonly record struct MessageEndOracle(BodyScanStatus Status, int Body, int Consumed)
{
    private const string LineEnd = "\r\n";

    public static MessageEndOracle Of(string text, BareNewlinePolicy policy)
    {
        // The text begins at the beginning of a line.
        var all = LineEnd + text;
        for (var at = LineEnd.Length; at < all.Length; at++)
        {
            if (all[at] == '.' && AtDot(all, at, policy) is { } found)
            {
                return found with { Body = found.Body - LineEnd.Length, Consumed = found.Consumed - LineEnd.Length };
            }

            if (policy == BareNewlinePolicy.Reject && IsBare(all, at))
            {
                return new(BodyScanStatus.Rejected, at - LineEnd.Length, at - LineEnd.Length);
            }
        }

        return new(BodyScanStatus.More, text.Length, text.Length);
    }

    private static MessageEndOracle? AtDot(string all, int dot, BareNewlinePolicy policy)
    {
        var before = EndsBefore(all, dot, LineEnd) ? LineEnd : all[dot - 1] is '\r' or '\n' ? all[dot - 1].ToString() : "";
        var rest = all[(dot + 1)..];
        if (before == LineEnd && rest.StartsWith(LineEnd, StringComparison.Ordinal))
        {
            return new(BodyScanStatus.End, dot, dot + 3);
        }

        // A CR that came last may be half of a CRLF.
        var isWhole = rest.StartsWith('\n') || (rest.StartsWith('\r') && rest.Length > 1);
        if (policy == BareNewlinePolicy.Pass || before.Length == 0 || !isWhole)
        {
            return null;
        }

        var from = before == LineEnd ? dot : dot - 1;
        return new(BodyScanStatus.Rejected, from, from);
    }

    private static bool IsBare(string all, int at) =>
        (all[at] == '\n' && all[at - 1] != '\r') || (all[at] == '\r' && at + 1 < all.Length && all[at + 1] != '\n');

    private static bool EndsBefore(string all, int at, string end) => all.AsSpan(0, at).EndsWith(end, StringComparison.Ordinal);
}
