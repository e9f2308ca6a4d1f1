using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Routing.LoadBalancing;

/// <summary>The first destination by name: an order of preference, the rest in reserve.</summary>
internal sealed class FirstAlphabeticalPolicy : ILoadBalancingPolicy
{
    public string Name => LoadBalancingPolicies.FirstAlphabetical;

    public DestinationState Pick(in LoadBalancingContext context)
    {
        var first = context.Available[0];
        foreach (var destination in context.Available[1..])
        {
            if (string.Compare(destination.Id, first.Id, StringComparison.OrdinalIgnoreCase) < 0)
            {
                first = destination;
            }
        }

        return first;
    }
}
