using Xunit;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>Compares what clients were told with what lies in the mailboxes.</summary>
internal static class PoolCount
{
    private static readonly HashSet<string> None = [];

    /// <summary>Asserts that each message told to be taken lies in exactly one mailbox exactly once, under the name that the client was told,
    /// and that no other message is there.</summary>
    public static void AssertEachOnce(IReadOnlyCollection<PoolReceipt> told, IReadOnlyCollection<PoolDelivery> deliveries) =>
        AssertEachOnce(told, deliveries, None);

    /// <summary>The same, but messages whose reply was lost may lie there once more: the client could not know that they were taken.</summary>
    public static void AssertEachOnce(IReadOnlyCollection<PoolReceipt> told, IReadOnlyCollection<PoolDelivery> deliveries, IReadOnlySet<string> unsure)
    {
        var byId = deliveries.ToLookup(delivery => delivery.MessageId);
        var lost = told
            .Where(receipt => byId[receipt.Message.Id].Count(delivery => delivery.QueueId == receipt.QueueId) != 1)
            .Select(receipt => $"{receipt.Message.Id} told '{receipt.Reply}' through {receipt.Proxy}, found {Found(byId[receipt.Message.Id])}");
        var doubled = byId
            .Where(copies => copies.Count() > (unsure.Contains(copies.Key) ? 2 : 1))
            .Select(copies => $"{copies.Key} found {Found(copies)}");
        Assert.Empty(lost);
        Assert.Empty(doubled);
        Assert.Empty(byId.Select(copies => copies.Key).Except(told.Select(receipt => receipt.Message.Id)));
        Assert.Distinct(told.Select(receipt => receipt.Message.Id));
    }

    /// <summary>Asserts that no sender has mail in two servers; returns the server of each.</summary>
    public static IReadOnlyDictionary<string, string> AssertOneServerEach(IEnumerable<PoolDelivery> deliveries)
    {
        var servers = deliveries.GroupBy(delivery => delivery.Sender)
            .ToDictionary(group => group.Key, group => group.Select(delivery => delivery.Destination).Distinct().Order().ToArray());
        Assert.Empty(servers.Where(pair => pair.Value.Length > 1).Select(pair => $"{pair.Key}: {string.Join(' ', pair.Value)}"));
        return servers.ToDictionary(pair => pair.Key, pair => pair.Value[0]);
    }

    private static string Found(IEnumerable<PoolDelivery> copies) =>
        string.Join(", ", copies.Select(copy => $"as {copy.QueueId} in {copy.Destination}").DefaultIfEmpty("nowhere"));
}
