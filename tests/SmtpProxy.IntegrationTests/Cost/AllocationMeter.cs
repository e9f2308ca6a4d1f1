using SmtpProxy.TestKit.Measuring;

namespace SmtpProxy.IntegrationTests.Cost;

/// <summary>Measures what a proxy allocates when something is done over and over.</summary>
internal static class AllocationMeter
{
    // The runtime compiles what runs often once more, and then allocates less: that is over when a few windows bring nothing new.
    private const int SettledWindows = 4;
    private const int MostWindows = 40;
    private const double Noise = 0.995;

    /// <summary>Octets for one run of <paramref name="action"/>. The least of some windows: what else the process does can only add to it.</summary>
    public static double Measure(LeanBed bed, Action action, int runs)
    {
        var least = double.MaxValue;
        var settled = 0;
        for (var window = 0; window < MostWindows && settled < SettledWindows; window++)
        {
            var before = bed.Allocated;
            Repeat(action, runs);
            var allocated = (double)(bed.Allocated - before) / runs;
            settled = allocated < least * Noise ? 0 : settled + 1;
            least = Math.Min(least, allocated);
        }

        return least;
    }

    /// <summary>Of what types the objects are, with their shares of <paramref name="bytes"/>.</summary>
    public static string Sample(Action action, int runs, double bytes)
    {
        using var sampler = new AllocationSampler();
        Repeat(action, runs);
        return sampler.Report(bytes);
    }

    private static void Repeat(Action action, int runs)
    {
        for (var i = 0; i < runs; i++)
        {
            action();
        }
    }
}
