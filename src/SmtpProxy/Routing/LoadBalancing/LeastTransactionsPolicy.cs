using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Routing.LoadBalancing;

/// <summary>The destination with the fewest active transactions for its weight. Equal ones take turns, or an idle pool would send
/// everything to its first member.</summary>
internal sealed class LeastTransactionsPolicy : ILoadBalancingPolicy
{
    public string Name => LoadBalancingPolicies.LeastTransactions;

    public DestinationState Pick(in LoadBalancingContext context)
    {
        var available = context.Available;
        var start = (int)(context.Cluster.NextTurn() % (uint)available.Length);
        var least = available[start];
        for (var i = 1; i < available.Length; i++)
        {
            var destination = available[(start + i) % available.Length];
            if (DestinationLoad.IsLower(destination, least))
            {
                least = destination;
            }
        }

        return least;
    }
}
