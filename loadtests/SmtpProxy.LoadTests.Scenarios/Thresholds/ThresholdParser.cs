using System.Globalization;
using System.Text.RegularExpressions;

namespace SmtpProxy.LoadTests.Scenarios.Thresholds;

/// <summary>Reads bounds as an operator writes them: <c>p99&lt;=50ms</c>, <c>failed&lt;=0.1%</c>, <c>rate&gt;=500</c>, <c>message:p50&lt;=2ms</c>.</summary>
public static partial class ThresholdParser
{
    /// <summary>Reads one; null when it is none.</summary>
    public static Threshold? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || !Enum.TryParse<ThresholdMetric>(match.Groups["metric"].Value, ignoreCase: true, out var metric)
            || metric == ThresholdMetric.None)
        {
            return null;
        }

        var bound = double.Parse(match.Groups["bound"].Value, CultureInfo.InvariantCulture);
        var unit = match.Groups["unit"].Value;
        if (unit == "s" && IsTime(metric))
        {
            bound *= 1000;
        }
        else if (unit.Length > 0 && unit != Threshold.UnitOf(metric))
        {
            return null;
        }

        var row = match.Groups["row"];
        return new Threshold(row.Success ? row.Value : null, metric, match.Groups["sign"].Value[0] == '<', bound);
    }

    private static bool IsTime(ThresholdMetric metric) => Threshold.UnitOf(metric) == "ms";

    [GeneratedRegex(@"^\s*(?:(?<row>[a-z][\w-]*):)?(?<metric>[a-z]\w*)\s*(?<sign>[<>])=?\s*(?<bound>\d+(?:\.\d+)?)\s*(?<unit>ms|s|%|/s)?\s*$")]
    private static partial Regex Form();
}
