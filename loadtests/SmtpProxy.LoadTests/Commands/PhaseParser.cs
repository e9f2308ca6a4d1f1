using System.Globalization;
using SmtpProxy.LoadTests.Scenarios;

namespace SmtpProxy.LoadTests.Commands;

/// <summary>Reads durations and phases: <c>keep:20:10s</c>, <c>ramp:50:10s</c>, <c>inject:500:30s</c>, <c>ramp-inject:500:10s</c>, <c>pause:2s</c>.</summary>
internal static class PhaseParser
{
    /// <summary>Reads a phase; null when it is none.</summary>
    public static LoadPhase? Parse(string text)
    {
        var parts = text.Split(':');
        if (ParseDuration(parts[^1]) is not { } during || during <= TimeSpan.Zero)
        {
            return null;
        }

        if (parts is ["pause", _])
        {
            return LoadPhase.Pause(during);
        }

        if (parts.Length != 3 || !double.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var load) || load <= 0)
        {
            return null;
        }

        var copies = (int)Math.Min(load, int.MaxValue);
        return parts[0] switch
        {
            "keep" when copies == load => LoadPhase.KeepConstant(copies, during),
            "ramp" when copies == load => LoadPhase.RampingConstant(copies, during),
            "inject" => LoadPhase.Inject(load, during),
            "ramp-inject" => LoadPhase.RampingInject(load, during),
            _ => null,
        };
    }

    /// <summary>Reads 500ms, 10s or 2m; null when it is none of them.</summary>
    public static TimeSpan? ParseDuration(string text)
    {
        var unit = text.Length - text.AsSpan().TrimEnd("msh").Length;
        var scale = text[(text.Length - unit)..] switch
        {
            "ms" => 0.001,
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => 0,
        };
        return scale > 0 && double.TryParse(text.AsSpan(0, text.Length - unit), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? TimeSpan.FromSeconds(number * scale)
            : null;
    }
}
