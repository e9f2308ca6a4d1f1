using SmtpProxy.Affinity;
using SmtpProxy.Model;

namespace SmtpProxy.Host.Demo;

/// <summary>Counts the affinity entries that the proxy has moved.</summary>
internal sealed class RerouteView(AffinityDirectory affinity, string cluster)
{
    /// <summary>Entries that were moved because of failures.</summary>
    public async Task<int> CountAsync()
    {
        var count = 0;
        await foreach (var (_, entry) in affinity.Operator.ListAsync(cluster, CancellationToken.None))
        {
            count += entry.Reason == AffinityReason.Rerouted ? 1 : 0;
        }

        return count;
    }
}
