using System.Collections.Concurrent;
using Etcdserverpb;

namespace SmtpProxy.Etcd;

/// <summary>Leases that many entries share: one for each minute in which entries of this proxy end. None is kept alive: it ends with its
/// minute and takes with it what nobody renewed. What counts for a reader is the expiry in the value.</summary>
internal sealed class EtcdLeases(EtcdConnection connection, TimeProvider time)
{
    private static readonly TimeSpan Width = TimeSpan.FromMinutes(1);

    // etcd measures from the grant, with its own clock: an entry must not go before its time.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, Task<long>> _buckets = new();

    /// <summary>The lease for an entry that ends at <paramref name="expiresAt"/>.</summary>
    public Task<long> GetAsync(DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var bucket = BucketOf(expiresAt);
        if (!_buckets.TryGetValue(bucket, out var lease))
        {
            var mine = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            lease = _buckets.GetOrAdd(bucket, mine.Task);
            if (lease == mine.Task)
            {
                ForgetPast();
                _ = GrantAsync(bucket, mine);
            }
        }

        return lease.WaitAsync(cancellationToken);
    }

    /// <summary>The server does not know the lease any more: the next entry gets a new one.</summary>
    public void Forget(DateTimeOffset expiresAt) => _buckets.TryRemove(BucketOf(expiresAt), out _);

    private static long BucketOf(DateTimeOffset expiresAt) => (expiresAt.UtcTicks + Width.Ticks - 1) / Width.Ticks;

    // Not with the token of whoever asks first: others wait for the same lease.
    private async Task GrantAsync(long bucket, TaskCompletionSource<long> lease)
    {
        try
        {
            var left = new DateTimeOffset(bucket * Width.Ticks, TimeSpan.Zero) - time.GetUtcNow() + Slack;
            var request = new LeaseGrantRequest { TTL = (long)Math.Ceiling(Math.Max(left.TotalSeconds, Slack.TotalSeconds)) };
            lease.TrySetResult((await connection.GrantAsync(request, connection.NewDeadline(), CancellationToken.None)).ID);
        }
        catch (Exception exception)
        {
            _buckets.TryRemove(KeyValuePair.Create(bucket, lease.Task));
            lease.TrySetException(exception);
        }
    }

    private void ForgetPast()
    {
        var present = BucketOf(time.GetUtcNow());
        foreach (var bucket in _buckets.Keys)
        {
            if (bucket < present)
            {
                _buckets.TryRemove(bucket, out _);
            }
        }
    }
}
