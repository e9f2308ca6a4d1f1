using System.Diagnostics;

namespace SmtpProxy.TestKit.Affinity;

/// <summary>Waits for a condition with a deadline, in real time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns how long it took until <paramref name="condition"/> held; throws when it did not within <paramref name="limit"/>.</summary>
    public static async Task<TimeSpan> HoldsAsync(Func<bool> condition, string what, TimeSpan? limit = null, CancellationToken cancellationToken = default)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > (limit ?? TimeSpan.FromSeconds(15)))
            {
                throw new TimeoutException($"It did not come about within {watch.Elapsed.TotalSeconds:F1} s: {what}");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }

        return watch.Elapsed;
    }
}
