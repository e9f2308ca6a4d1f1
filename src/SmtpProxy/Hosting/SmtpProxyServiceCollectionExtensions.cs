using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Prometheus;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Hosting;
using SmtpProxy.Model;
using SmtpProxy.Routing.LoadBalancing;
using SmtpProxy.Routing.SenderKeys;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Runs a proxy inside an application.</summary>
public static class SmtpProxyServiceCollectionExtensions
{
    /// <summary>Adds a proxy that binds its listeners when the application starts and drains when it stops.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="config">What <see cref="ConfigLoader"/> read, or a configuration made in code; what that cannot be resolved throws at the start.</param>
    public static ISmtpProxyBuilder AddSmtpProxy(this IServiceCollection services, ProxyConfig config)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(config);
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static _ => Metrics.NewCustomRegistry());
        services.TryAddSingleton<IAffinityStore>(
            provider => new MemoryAffinityStore(config.AffinityStore.MaxEntries, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => ProxyRuntimeFactory.Create(
            config,
            provider.GetRequiredService<IAffinityStore>(),
            provider.GetRequiredService<CollectorRegistry>(),
            Console.OpenStandardOutput(),
            new ProxyExtensions(
                [.. provider.GetServices<ITransactionObserver>()],
                [.. provider.GetServices<ILoadBalancingPolicy>()],
                [.. provider.GetServices<ISenderKeyPolicy>()],
                [.. provider.GetServices<ISenderNormalizer>()])
            { Transport = provider.GetService<ProxyTransport>() },
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddHostedService<SmtpProxyService>();
        return new SmtpProxyBuilder(services);
    }
}
