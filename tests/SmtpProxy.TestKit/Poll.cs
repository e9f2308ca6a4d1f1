using System.Diagnostics;

namespace SmtpProxy.TestKit;

/// <summary>Waits for a condition with a deadline, in place of a fixed sleep.</summary>
public static class Poll
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the condition holds; false when the deadline came first.</summary>
    public static async Task<bool> TryUntilAsync(Func<ValueTask<bool>> condition, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) >= deadline)
            {
                return false;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }

        return true;
    }

    /// <inheritdoc cref="TryUntilAsync(Func{ValueTask{bool}}, TimeSpan, CancellationToken)"/>
    public static Task<bool> TryUntilAsync(Func<bool> condition, TimeSpan deadline, CancellationToken cancellationToken) =>
        TryUntilAsync(() => ValueTask.FromResult(condition()), deadline, cancellationToken);

    /// <summary>Waits until the condition holds; throws <see cref="TimeoutException"/> that names what was waited for.</summary>
    public static async Task UntilAsync(Func<ValueTask<bool>> condition, TimeSpan deadline, string what, CancellationToken cancellationToken)
    {
        if (!await TryUntilAsync(condition, deadline, cancellationToken))
        {
            throw new TimeoutException($"Not within {deadline.TotalSeconds:0.#} s: {what}");
        }
    }

    /// <inheritdoc cref="UntilAsync(Func{ValueTask{bool}}, TimeSpan, string, CancellationToken)"/>
    public static Task UntilAsync(Func<bool> condition, TimeSpan deadline, string what, CancellationToken cancellationToken) =>
        UntilAsync(() => ValueTask.FromResult(condition()), deadline, what, cancellationToken);
}
