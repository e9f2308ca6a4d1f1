using System.Collections.Concurrent;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>All that clients were told.</summary>
public sealed class PoolJournal
{
    private readonly ConcurrentQueue<PoolReceipt> _told = new();
    private readonly ConcurrentQueue<PoolRefusal> _refusals = new();

    /// <summary>Positive final replies: each message has exactly one in the end.</summary>
    public IReadOnlyCollection<PoolReceipt> Told => _told;

    /// <summary>All other ends of attempts.</summary>
    public IReadOnlyCollection<PoolRefusal> Refusals => _refusals;

    public void Add(PoolReceipt receipt) => _told.Enqueue(receipt);

    public void Add(PoolRefusal refusal) => _refusals.Enqueue(refusal);

    /// <summary>How many messages were taken through a proxy.</summary>
    public int CountThrough(PoolProxy proxy) => _told.Count(receipt => receipt.Proxy == proxy.Name);
}
