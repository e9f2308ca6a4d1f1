using SmtpProxy.Model;

namespace SmtpProxy.Routing.LoadBalancing;

/// <summary>Chooses a destination for a transaction whose sender has none yet. Called on the session's own thread:
/// no waiting, no I/O.</summary>
public interface ILoadBalancingPolicy
{
    /// <summary>The name in <c>LoadBalancingPolicy</c> of a cluster; unique regardless of case.</summary>
    string Name { get; }

    /// <summary>Chooses one of <see cref="LoadBalancingContext.Available"/>. Never called with fewer than two.</summary>
    DestinationState Pick(in LoadBalancingContext context);
}
