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
        var first = phase.Kind == PhaseKind.Inject ? phase.Load : before;
        var growth = (phase.Load - first) / end;
        for (var number = 0; ; number++)
        {
            // When so many have come: the rate, summed over the time, is a parabola.
            var due = growth == 0 ? number / first : (Math.Sqrt((first * first) + (2 * growth * number)) - first) / growth;
            if (!(due < end))
            {
                // Also when there is no such time, because the rate sinks to nothing before.
                yield break;
            }

            yield return TimeSpan.FromSeconds(due);
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
