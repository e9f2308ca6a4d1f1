using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmtpProxy.Connections;

namespace Microsoft.AspNetCore.Connections;

/// <summary>PROXY headers for any Kestrel endpoint.</summary>
public static class ProxyProtocolConnectionBuilderExtensions
{
    /// <summary>
    /// Demands a PROXY header (version 1 or 2) of each connection, before anything that is added behind it reads. The connection then has the
    /// addresses that the header names, and an <see cref="IProxyProtocolFeature"/>; one without a header that counts is closed.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of pipeline, as Kestrel's <c>ListenOptions</c>.</typeparam>
    /// <param name="builder">The pipeline.</param>
    /// <param name="options">Whose headers are believed. Without a trusted network every connection is closed.</param>
    public static TBuilder UseProxyProtocol<TBuilder>(this TBuilder builder, ProxyProtocolOptions options)
        where TBuilder : IConnectionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        var time = builder.ApplicationServices.GetService<TimeProvider>() ?? TimeProvider.System;
        var logger = builder.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger<ProxyProtocolMiddleware>();
        builder.Use(next => new ProxyProtocolMiddleware(next, () => options, time, logger).OnConnectionAsync);
        return builder;
    }
}
