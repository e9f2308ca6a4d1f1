using System.Collections.Frozen;

namespace SmtpProxy.Routing.LoadBalancing;

/// <summary>The load balancing policies by name.</summary>
internal sealed class LoadBalancingPolicySet(IEnumerable<ILoadBalancingPolicy> policies)
{
    private readonly FrozenDictionary<string, ILoadBalancingPolicy> _byName = NameLookup.Create(policies, p => p.Name);

    /// <summary>The policy called <paramref name="name"/>; an unknown one is a fault of the configuration.</summary>
    public ILoadBalancingPolicy Get(string name) => NameLookup.Get(_byName, name, "load balancing policy");
}
