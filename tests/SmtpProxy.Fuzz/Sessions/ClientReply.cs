using System.Globalization;
using System.Text.RegularExpressions;

namespace SmtpProxy.Fuzz.Sessions;

/// <summary>One whole reply that the client got.</summary>
internal readonly partial record struct ClientReply(int Code, string Text)
{
    /// <summary>Takes all replies apart. What is no reply breaks an invariant.</summary>
    public static IReadOnlyList<ClientReply> ReadAll(string received, bool isWhole)
    {
        var replies = new List<ClientReply>();
        var at = 0;
        while (Whole().Match(received, at) is { Success: true } match)
        {
            Require.That(match.Groups["code"].Captures.Select(static code => code.Value).Distinct().Count() == 1, "the lines of a reply have one code");
            replies.Add(new(int.Parse(match.Groups["code"].ValueSpan, CultureInfo.InvariantCulture), match.Value));
            at += match.Length;
        }

        Require.That(at == received.Length || !isWhole, $"only whole replies reach the client: {received[at..Math.Min(received.Length, at + 80)]}");
        return replies;
    }

    [GeneratedRegex(@"\G(?:(?<code>[2-5]\d\d)-[^\r\n]*\r\n)*(?<code>[2-5]\d\d)(?: [^\r\n]*)?\r\n")]
    private static partial Regex Whole();
}
