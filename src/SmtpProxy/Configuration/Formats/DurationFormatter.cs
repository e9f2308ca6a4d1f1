using System.Globalization;

namespace SmtpProxy.Configuration.Formats;

/// <summary>Writes durations in the shortest form that <see cref="DurationParser"/> reads.</summary>
internal static class DurationFormatter
{
    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>Writes a duration: <c>30s</c>, <c>10m</c>; <c>00:00:00.0000001</c> when no unit fits.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        foreach (var (suffix, ticks) in Units)
        {
            if (duration.Ticks % ticks == 0)
            {
                return (duration.Ticks / ticks).ToString(CultureInfo.InvariantCulture) + suffix;
            }
        }

        return duration.ToString("c", CultureInfo.InvariantCulture);
    }
}
