using Microsoft.Extensions.DependencyInjection;

namespace SmtpProxy.Hosting;

/// <inheritdoc/>
internal sealed record SmtpProxyBuilder(IServiceCollection Services) : ISmtpProxyBuilder;
