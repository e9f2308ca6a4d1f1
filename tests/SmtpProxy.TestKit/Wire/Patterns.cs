using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace SmtpProxy.TestKit.Wire;

/// <summary>The patterns of cases and rules, compiled once.</summary>
internal static class Patterns
{
    private static readonly ConcurrentDictionary<string, Regex> Known = new(StringComparer.Ordinal);

    public static Regex Of(string pattern) => Known.GetOrAdd(pattern, text => new Regex(text, RegexOptions.CultureInvariant));

    public static bool IsMatch(string pattern, string text) => Of(pattern).IsMatch(text);
}
