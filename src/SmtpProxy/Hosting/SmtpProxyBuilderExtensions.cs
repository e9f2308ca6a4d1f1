using System.Diagnostics.CodeAnalysis;
using SmtpProxy.Affinity;
using SmtpProxy.Hosting;
using SmtpProxy.Model;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Additions to a proxy.</summary>
public static class SmtpProxyBuilderExtensions
{
    /// <summary>Keeps affinity in a store of the caller's choice instead of memory.</summary>
    /// <param name="builder">The proxy.</param>
    /// <param name="create">Makes the store; it is disposed with the proxy.</param>
    public static ISmtpProxyBuilder UseAffinityStore(this ISmtpProxyBuilder builder, Func<IServiceProvider, IAffinityStore> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(create);
        return builder;
    }

    /// <summary>Carries all connections by a transport of the caller's choice instead of the runtime's sockets.</summary>
    /// <param name="builder">The proxy.</param>
    /// <param name="create">Gives the transport. Whoever made it disposes of it, after the proxy has stopped.</param>
    public static ISmtpProxyBuilder UseTransport(this ISmtpProxyBuilder builder, Func<IServiceProvider, ProxyTransport> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(create);
        return builder;
    }

    /// <summary>Adds a consumer of finished transactions.</summary>
    public static ISmtpProxyBuilder AddTransactionObserver<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TObserver>(
        this ISmtpProxyBuilder builder)
        where TObserver : class, ITransactionObserver
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<ITransactionObserver, TObserver>();
        return builder;
    }
}
