using Microsoft.Extensions.DependencyInjection;

namespace SmtpProxy.Hosting;

/// <summary>What can be added to a proxy. Registered services that the proxy looks for: <see cref="Affinity.IAffinityStore"/> (memory, unless one is
/// registered), <see cref="ProxyTransport"/> (the runtime's sockets, unless one is registered), any number of <see cref="Model.ITransactionObserver"/>, <see cref="Routing.LoadBalancing.ILoadBalancingPolicy"/>,
/// <see cref="Routing.SenderKeys.ISenderKeyPolicy"/> and <see cref="Routing.SenderKeys.ISenderNormalizer"/>, the last three under names of
/// their own, <see cref="TimeProvider"/> and a Prometheus <c>CollectorRegistry</c>.</summary>
public interface ISmtpProxyBuilder
{
    /// <summary>The services of the application.</summary>
    IServiceCollection Services { get; }
}
