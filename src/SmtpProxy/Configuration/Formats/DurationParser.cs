using System.Globalization;

namespace SmtpProxy.Configuration.Formats;

/// <summary>Reads durations: <c>00:00:30</c>, <c>1.00:00:00</c>, <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>, <c>1d</c>.</summary>
internal static class DurationParser
{
    /// <summary>The forms, for messages.</summary>
    public const string Forms = "00:00:30, 30s, 5m, 1h, 500ms, 1d";

    // Longest suffix first: "ms" also ends in "s".
    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
        ("d", TimeSpan.TicksPerDay),
    ];

    /// <summary>Reads one duration; negative ones and bare numbers are none.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        // The constant format takes "5" for five days and "10:30" for hours: nobody who writes that means it.
        if (text.AsSpan().Count(':') == 2)
        {
            return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero;
        }

        foreach (var (suffix, ticks) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return TryScale(text.AsSpan(0, text.Length - suffix.Length), ticks, out duration);
            }
        }

        duration = default;
        return false;
    }

    private static bool TryScale(ReadOnlySpan<char> number, long ticks, out TimeSpan duration)
    {
        duration = default;
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count > TimeSpan.MaxValue.Ticks / ticks)
        {
            return false;
        }

        duration = TimeSpan.FromTicks(count * ticks);
        return true;
    }
}
