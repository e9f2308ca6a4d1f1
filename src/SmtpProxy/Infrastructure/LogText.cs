using System.Text;

namespace SmtpProxy.Infrastructure;

/// <summary>Foreign text for operational log messages.</summary>
internal static class LogText
{
    private const int Limit = 160;

    /// <summary>The text with everything but printable ASCII as <c>\uXXXX</c>, so that it can forge no line; <c>-</c> for none.</summary>
    public static string Escape(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "-";
        }

        var isCut = text.Length > Limit;
        var escaped = new StringBuilder(text.Length);
        foreach (var unit in isCut ? text.AsSpan(0, Limit) : text)
        {
            if (unit is > ' ' and <= '~' and not ('\\' or ',' or '"'))
            {
                escaped.Append(unit);
            }
            else
            {
                escaped.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
        }

        return escaped.Append(isCut ? "..." : "").ToString();
    }
}
