using System.Collections.Concurrent;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>Mail through several proxies at once.</summary>
internal static class PoolLoad
{
    /// <summary>Sends, through each proxy, what <paramref name="next"/> gives for it until that is null, on several connections a proxy.</summary>
    public static Task RunAsync(
        IEnumerable<PoolProxy> proxies, int connections, Func<PoolProxy, PoolMessage?> next, PoolJournal journal, CancellationToken cancellationToken) =>
        Task.WhenAll(
            from proxy in proxies
            from i in Enumerable.Range(1, connections)
            select Task.Run(() => RunAsync(proxy, $"{proxy.Name}/{i}", next, journal, cancellationToken), cancellationToken));

    /// <summary>Sends the same number of messages of each sender through each proxy, all senders alternating.</summary>
    public static Task RunAsync(
        IReadOnlyCollection<PoolProxy> proxies, int connections, IReadOnlyList<string> senders, int messages, PoolJournal journal,
        CancellationToken cancellationToken)
    {
        var queues = proxies.ToDictionary(proxy => proxy, proxy => new ConcurrentQueue<PoolMessage>(
            from i in Enumerable.Range(1, messages)
            from sender in senders
            select new PoolMessage($"<{i}.{proxy.Name}.{Guid.NewGuid():N}@{sender.Split('@')[1]}>", sender)));
        return RunAsync(proxies, connections, proxy => queues[proxy].TryDequeue(out var message) ? message : null, journal, cancellationToken);
    }

    private static async Task RunAsync(
        PoolProxy proxy, string name, Func<PoolProxy, PoolMessage?> next, PoolJournal journal, CancellationToken cancellationToken)
    {
        using var client = new PoolClient(proxy, name, journal);
        while (next(proxy) is { } message)
        {
            await client.SendAsync(message, cancellationToken);
        }

        await client.CloseAsync(cancellationToken);
    }
}
