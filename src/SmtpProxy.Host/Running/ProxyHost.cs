using Microsoft.Extensions.Hosting.Systemd;
using Prometheus;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Host.Admin;
using SmtpProxy.Hosting;
using SmtpProxy.Management;
using SmtpProxy.Routing;
using SmtpProxy.Transport;

namespace SmtpProxy.Host.Running;

/// <summary>A proxy and its admin API in this process.</summary>
internal sealed class ProxyHost : IAdminTarget, IAsyncDisposable
{
    private readonly CollectorRegistry _registry;
    private readonly EpollTransport? _transport;
    private readonly ProxyRuntime _runtime;
    private readonly ConfigReloader _reloader;
    private AdminServer? _admin;

    public ProxyHost(ConfigSource source, ProxyConfig config, Stream log, ILoggerFactory loggers)
    {
        var time = TimeProvider.System;
        _registry = Metrics.NewCustomRegistry();
        _transport = IsEpoll(config.Transport) ? new EpollTransport(OptionsOf(config), time, loggers) : null;
        var extensions = ProxyExtensions.None with
        {
            Transport = _transport is null ? null : new ProxyTransport(_transport.Listeners, _transport.Connections)
            {
                Lane = static () => EpollTransport.CurrentLane,
                Scheduler = static () => EpollTransport.CurrentScheduler,
            },
        };
        _runtime = ProxyRuntimeFactory.Create(
            config, StoreFactory.Create(config.AffinityStore, time, loggers), _registry, log, extensions, time, loggers);
        Manager = new ServiceManager(new SystemdNotifier());
        _reloader = new ConfigReloader(source, _runtime, Manager, loggers.CreateLogger<ConfigReloader>());
    }

    private static bool IsEpoll(TransportKind transport) =>
        transport == TransportKind.Epoll || (transport == TransportKind.Auto && OperatingSystem.IsLinux());

    private static EpollTransportOptions OptionsOf(ProxyConfig config)
    {
        var options = new EpollTransportOptions { MaxReadBlock = config.TransportReadBlock };
        return config.TransportLoops == 0 ? options : options with { Loops = config.TransportLoops };
    }

    /// <summary>The service manager that watches this process.</summary>
    public ServiceManager Manager { get; }

    /// <summary>Address of the admin API; null when there is none.</summary>
    public Uri? AdminAddress => _admin?.Address;

    /// <inheritdoc/>
    public ProxySnapshot Current => _runtime.Current;

    /// <inheritdoc/>
    public AffinityDirectory Affinity => _runtime.Affinity;

    /// <inheritdoc/>
    public bool IsReady => _runtime.IsReady;

    /// <inheritdoc/>
    public bool IsDraining => _runtime.IsDraining;

    /// <inheritdoc/>
    public bool IsStoreUp => _runtime.IsStoreUp;

    /// <summary>Binds the admin API, opens the store and binds the listeners.</summary>
    /// <exception cref="ListenerBindException">An address cannot be bound.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // The admin API first: if its port is taken, no mail has been accepted and no server asked; and it can say that the rest is starting.
        if (Current.Config.Admin.Address is { } address)
        {
            _admin = await AdminServer.StartAsync(address, this, _registry, cancellationToken);
        }

        await _runtime.StartAsync(cancellationToken);
    }

    /// <summary>Drains; cancelling ends at once. The admin API answers until the end.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _runtime.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ExplainResult Explain(ExplainQuery query) => _runtime.Explain(query);

    /// <inheritdoc/>
    public Task<ReloadResult> ReloadAsync(CancellationToken cancellationToken) => _reloader.ReloadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        await _runtime.DisposeAsync();
        if (_transport is not null)
        {
            await _transport.DisposeAsync();
        }

        _reloader.Dispose();
    }
}
