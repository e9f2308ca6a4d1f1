using Microsoft.Extensions.Logging;

namespace SmtpProxy.Backends;

/// <summary>Work that nobody waits for, except a shutdown. Faults are logged.</summary>
internal sealed partial class BackgroundWork(TimeProvider time, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>Watches over work that was begun.</summary>
    public void Add(Task work)
    {
        if (work.IsCompletedSuccessfully)
        {
            return;
        }

        lock (_lock)
        {
            _running.Add(work);
        }

        _ = ObserveInBackgroundAsync(work);
    }

    /// <summary>Waits until nothing runs any more. False when the time is up.</summary>
    public async ValueTask<bool> WhenIdleAsync(TimeSpan timeout)
    {
        var started = time.GetTimestamp();
        while (Snapshot() is { Length: > 0 } running)
        {
            var left = timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            await Task.WhenAll(running).WaitAsync(left, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return true;
    }

    private Task[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _running.Where(work => !work.IsCompleted)];
        }
    }

    private async Task ObserveInBackgroundAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception e)
        {
            Log.WorkFailed(logger, e);
        }
        finally
        {
            lock (_lock)
            {
                _running.Remove(work);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1300, LogLevel.Error, "Background work on a server session failed")]
        public static partial void WorkFailed(ILogger logger, Exception fault);
    }
}
