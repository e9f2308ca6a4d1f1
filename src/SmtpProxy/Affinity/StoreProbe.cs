namespace SmtpProxy.Affinity;

/// <summary>Asks a store that went away whether it is back. Mail alone may not ask for long: no write waits once the watch has brought what
/// another proxy wrote, and senders that are known need no look-up.</summary>
internal sealed class StoreProbe(StoreCaller store, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // No sender has it.
    private static readonly AffinityKey Nobody = new(string.Empty, string.Empty);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!store.IsOpen)
            {
                await ProbeAsync(cancellationToken);
            }
        }
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.TryAsync("get", Nobody, static (s, key, token) => s.GetAsync(key, token), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The directory stops; nobody wants to know any more.
        }
    }
}
