using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace SmtpProxy.Tests.Backends;

/// <summary>Waits for a condition, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"not in time: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Moves the clock on until the work ends.</summary>
    public static async Task<T> AdvancedAsync<T>(FakeTimeProvider time, TimeSpan step, Task<T> work)
    {
        var watch = Stopwatch.StartNew();
        while (!work.IsCompleted)
        {
            Assert.True(watch.Elapsed < Deadline, "not in time although the clock moved on");
            time.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        return await work;
    }
}
