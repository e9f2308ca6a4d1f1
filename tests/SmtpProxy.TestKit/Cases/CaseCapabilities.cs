using System.Globalization;
using System.Text.RegularExpressions;
using SmtpProxy.TestKit.Servers;
using SmtpProxy.TestKit.Wire;

namespace SmtpProxy.TestKit.Cases;

/// <summary>Which extensions all servers of a case offer: with probes off, the listener is told.</summary>
internal static partial class CaseCapabilities
{
    // The extensions that a listener passes on at all.
    private static readonly HashSet<string> Passed = new(StringComparer.OrdinalIgnoreCase)
    {
        "SIZE", "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING", "BINARYMIME", "DELIVERBY", "MT-PRIORITY", "REQUIRETLS", "AUTH",
    };

    public static IReadOnlyList<string> Of(CaseVariant played)
    {
        var offers = played.BackendScript.Select(Offered).OfType<IReadOnlyList<string>>().ToList();
        return [.. offers.Skip(1)
            .Aggregate(offers.FirstOrDefault() ?? [], Common)
            .Where(line => Passed.Contains(Keyword(line)))];
    }

    private static List<string> Common(IReadOnlyList<string> lines, IReadOnlyList<string> others) =>
        [.. lines.Join(others, Keyword, Keyword, Meet, StringComparer.OrdinalIgnoreCase)];

    private static string Meet(string line, string other) => Keyword(line).ToUpperInvariant() switch
    {
        "SIZE" => SizeOf(line) <= SizeOf(other) ? line : other,
        "AUTH" => string.Join(' ', line.Split(' ').Where((word, i) => i == 0 || other.Split(' ').Contains(word))),
        _ => line,
    };

    private static string Keyword(string line) => line.Split(' ')[0];

    private static long SizeOf(string line) =>
        line.Split(' ') is [_, var size, ..] && long.Parse(size, CultureInfo.InvariantCulture) is var most and > 0 ? most : long.MaxValue;

    /// <summary>A server's list; of a script what it answers to EHLO, null when that cannot be told.</summary>
    private static IReadOnlyList<string>? Offered(ServerEntry entry)
    {
        if (entry.Serve == "default")
        {
            return [.. entry.Offered];
        }

        var sent = string.Concat((entry.Script ?? []).Select(step => Octets.TextOf(Octets.Parse(step.Send ?? ""))));
        return EhloReply().Matches(sent)
            .Select(reply => reply.Groups["line"].Captures.Select(line => line.Value).ToList())
            .FirstOrDefault(lines => lines.All(line => EhloLine().IsMatch(line)));
    }

    [GeneratedRegex(@"(?m)^250-[^\r\n]*\r\n(?:250-(?<line>[^\r\n]*)\r\n)*250 (?<line>[^\r\n]*)\r\n")]
    private static partial Regex EhloReply();

    [GeneratedRegex("^[A-Z0-9][A-Z0-9-]*(?: .*)?$")]
    private static partial Regex EhloLine();
}
