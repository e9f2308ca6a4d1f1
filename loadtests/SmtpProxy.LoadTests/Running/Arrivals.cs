using SmtpProxy.LoadTests.Scenarios;

namespace SmtpProxy.LoadTests.Running;

/// <summary>When the iterations of an open phase are due. Nothing that the target does moves them.</summary>
internal static class Arrivals
{
    /// <summary>The times from the beginning of the phase, in order, all before its end.</summary>
    /// <param name="phase">An open phase.</param>
    /// <param name="before">The rate at the end of the phase before.</param>
    public static IEnumerable<TimeSpan> Of(LoadPhase phase, double before)
    {
        var end = phase.During.TotalSeconds;
        for (var due = 0.0; due < end;)
        {
            var rate = phase.Kind == PhaseKind.Inject ? phase.Load : before + ((phase.Load - before) * due / end);
            if (rate <= 0)
            {
                if (phase.Kind == PhaseKind.Inject)
                {
                    yield break;
                }

                // A ramp from nothing: its rate after the first thousandth of the way.
                due += end / 1000;
                continue;
            }

            yield return TimeSpan.FromSeconds(due);
            due += 1 / rate;
        }
    }

    /// <summary>How many copies a closed phase has at a time.</summary>
    /// <param name="phase">A closed phase.</param>
    /// <param name="before">The copies at the end of the phase before.</param>
    /// <param name="elapsed">From the beginning of the phase.</param>
    public static int CopiesAt(LoadPhase phase, double before, TimeSpan elapsed) => phase.Kind == PhaseKind.KeepConstant
        ? (int)phase.Load
        : (int)Math.Round(before + ((phase.Load - before) * Math.Clamp(elapsed / phase.During, 0, 1)));
}
