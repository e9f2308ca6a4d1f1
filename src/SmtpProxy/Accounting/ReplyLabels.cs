using System.Collections.Concurrent;
using System.Globalization;
using SmtpProxy.Protocol;

namespace SmtpProxy.Accounting;

/// <summary>Reply codes as label values. A server invents codes as it likes, so the number of distinct values is bounded.</summary>
/// <param name="maxEnhanced">Distinct enhanced codes; further ones are <c>other</c>.</param>
internal sealed class ReplyLabels(int maxEnhanced)
{
    /// <summary>Stands for every value beyond the bounds.</summary>
    public const string Other = "other";

    private readonly ConcurrentDictionary<EnhancedStatusCode, string> _enhanced = new();
    private int _enhancedCount;

    /// <summary>A reply code, or <see cref="Other"/> when it is none (RFC 5321 section 4.2).</summary>
    public static string Code(int code) => code is >= 200 and <= 599 ? code.ToString(CultureInfo.InvariantCulture) : Other;

    /// <summary>An enhanced code; empty when the reply had none.</summary>
    public string Enhanced(EnhancedStatusCode code)
    {
        if (code.IsNone)
        {
            return "";
        }

        if (_enhanced.TryGetValue(code, out var known))
        {
            return known;
        }

        if (code.Class > 9 || code.Subject > 999 || code.Detail > 999 || Volatile.Read(ref _enhancedCount) >= maxEnhanced)
        {
            return Other;
        }

        var text = code.ToString();
        if (_enhanced.TryAdd(code, text))
        {
            Interlocked.Increment(ref _enhancedCount);
        }

        return text;
    }
}
