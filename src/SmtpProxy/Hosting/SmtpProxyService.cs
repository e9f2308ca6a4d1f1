using Microsoft.Extensions.Hosting;

namespace SmtpProxy.Hosting;

/// <summary>The life of a proxy inside an application.</summary>
internal sealed class SmtpProxyService(ProxyRuntime runtime) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => runtime.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => runtime.StopAsync(cancellationToken);
}
