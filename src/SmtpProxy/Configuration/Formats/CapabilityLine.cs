using System.Buffers;
using System.Globalization;

namespace SmtpProxy.Configuration.Formats;

/// <summary>Tells whether an EHLO line may be announced.</summary>
internal static class CapabilityLine
{
    /// <summary>The white list: what the proxy can relay. STARTTLS is announced as the listener is set.</summary>
    private static readonly string[] Keywords =
    [
        "PIPELINING", "ENHANCEDSTATUSCODES", "SIZE", "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING", "BINARYMIME",
        "DELIVERBY", "MT-PRIORITY", "REQUIRETLS", "AUTH",
    ];

    private static readonly SearchValues<char> Printable =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(x => (char)x)]);

    /// <summary>The keywords, for messages.</summary>
    public static string Forms { get; } = string.Join(", ", Keywords);

    /// <summary>True for a keyword of the white list with printable parameters.</summary>
    public static bool IsValid(string line)
    {
        if (line.AsSpan().ContainsAnyExcept(Printable))
        {
            return false;
        }

        var words = line.Split(' ');
        if (Array.Exists(words, string.IsNullOrEmpty) || !Keywords.Contains(words[0], StringComparer.OrdinalIgnoreCase))
        {
            return false;
        }

        return !words[0].Equals("SIZE", StringComparison.OrdinalIgnoreCase) || words.Length == 1
            || (words.Length == 2 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }
}
