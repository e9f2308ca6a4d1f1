using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>Carries the queued writes to the store, and back what the store made of them.</summary>
internal sealed class AffinityWriter(WriteQueue queue, StoreCaller store, AffinityCache cache, TimeProvider time)
{
    private const int BatchSize = 32;

    /// <summary>Writes until cancelled. While the store is away it is tried with one write at a time.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await queue.WaitAsync(cancellationToken);
            while (queue.Count > 0)
            {
                var wait = store.Wait;
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, time, cancellationToken);
                    continue;
                }

                await FlushAsync(queue.Take(store.IsOpen ? BatchSize : 1));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Writes what is queued now, as far as the store takes it.</summary>
    public async Task DrainAsync()
    {
        while (store.IsOpen && queue.Take(BatchSize) is { Count: > 0 } batch)
        {
            await FlushAsync(batch);
        }
    }

    private Task FlushAsync(List<KeyValuePair<AffinityKey, PendingWrite>> batch) =>
        Task.WhenAll(batch.Select(pair => FlushAsync(pair.Key, pair.Value)));

    private async Task FlushAsync(AffinityKey key, PendingWrite write)
    {
        if (write.Entry.IsExpired(time.GetUtcNow()))
        {
            return;
        }

        var mark = cache.Mark(key);
        var answer = await store.TryAsync(NameOf(write.Kind), (key, write), ReconcileAsync, CancellationToken.None);
        if (answer.IsAnswered)
        {
            cache.Accept(key, answer.Value, mark);
        }
        else
        {
            queue.PutBack(key, write);
        }
    }

    private static string NameOf(PendingWriteKind kind) => kind switch
    {
        PendingWriteKind.Assign => "assign",
        PendingWriteKind.Move => "move",
        _ => "renew",
    };

    // The entry in force afterwards: ours, or the one that the store prefers to it.
    private static async ValueTask<AffinityEntry?> ReconcileAsync(
        IAffinityStore store, (AffinityKey Key, PendingWrite Write) item, CancellationToken cancellationToken)
    {
        var (key, write) = item;
        return write.Kind switch
        {
            PendingWriteKind.Assign => await store.TryAssignAsync(key, write.Entry, cancellationToken),
            PendingWriteKind.Move => await store.TryMoveAsync(key, write.BaseGeneration, write.Entry, cancellationToken)
                ?? await store.TryAssignAsync(key, write.Entry, cancellationToken),
            _ => await store.RenewAsync(key, write.BaseGeneration, write.Entry.ExpiresAt, cancellationToken),
        };
    }
}
