using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using SmtpProxy.Accounting;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Connections;
using SmtpProxy.Management;
using SmtpProxy.Routing;
using SmtpProxy.Sessions;

namespace SmtpProxy.Hosting;

/// <summary>A running proxy: its listeners, its store and the configuration in force.</summary>
internal sealed partial class ProxyRuntime : IAsyncDisposable
{
    // The end of DrainTimeout belongs to the sessions that did not finish: enough to write a 421, and QUIT to the servers.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly SnapshotSource _source;
    private readonly SnapshotBuilder _snapshots;
    private readonly SessionServices _services;
    private readonly RerouteObserver _reroutes;
    private readonly CapabilityLearner _learner;
    private readonly ProxyHeaderMetrics _headers;
    private readonly IReadOnlyList<IAsyncDisposable> _parts;
    private readonly ProxyTransport? _transport;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly SessionRegistry _sessions = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, IListenerServer> _listeners = new(StringComparer.OrdinalIgnoreCase);

    public ProxyRuntime(SnapshotSource source, SnapshotBuilder snapshots, SessionServices services, RerouteObserver reroutes,
        CapabilityLearner learner, ProxyHeaderMetrics headers,
        IReadOnlyList<IAsyncDisposable> parts, ProxyTransport? transport, ILoggerFactory loggers)
    {
        _source = source;
        _snapshots = snapshots;
        _services = services;
        _reroutes = reroutes;
        _learner = learner;
        _headers = headers;
        _parts = parts;
        _transport = transport;
        _loggers = loggers;
        _logger = loggers.CreateLogger<ProxyRuntime>();
    }

    /// <summary>The configuration in force.</summary>
    public ProxySnapshot Current => _source.Current;

    /// <summary>The senders' entries, through the cache.</summary>
    public AffinityDirectory Affinity => _services.Affinity;

    /// <summary>True once all listeners are bound, until the shutdown.</summary>
    public bool IsReady { get; private set; }

    /// <summary>True from the beginning of the shutdown.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>True when the affinity store answers. Service goes on without it.</summary>
    public bool IsStoreUp => _services.Affinity.IsStoreUp;

    /// <summary>Client sessions that are open now.</summary>
    public int Sessions => _sessions.Count;

    /// <summary>Where a transaction would go.</summary>
    public ExplainResult Explain(ExplainQuery query) => new Explainer(_source, _services.Affinity, _services.Candidates).Explain(query);

    /// <summary>Opens the store and binds all listeners.</summary>
    /// <exception cref="ListenerBindException">An address cannot be bound; none stays bound then.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _services.Affinity.StartAsync(cancellationToken);
        _reroutes.Start();
        foreach (var listener in await BindAsync(Current.Config.Listeners, cancellationToken))
        {
            _listeners.Add(listener.Key, listener.Value);
        }

        var wanted = Current.Config.Listeners.Values.Sum(static listener => (long)listener.Limits.MaxConnections);
        if (wanted > _services.Descriptors.ForClients)
        {
            Log.FewDescriptors(_logger, wanted, _services.Descriptors.ForClients);
        }

        _learner.Start();
        PoolWarmer.Begin(Current, _services.Pools);
        IsReady = true;
    }

    /// <summary>What of <paramref name="next"/> only a restart can bring into force.</summary>
    public IReadOnlyList<ConfigError> CheckReload(ProxyConfig next) => FixedKeys.Check(Current.Config, next);

    /// <summary>Brings a validated configuration into force, whole. Sessions that run finish under the settings they began with.</summary>
    /// <exception cref="ListenerBindException">A new address cannot be bound; nothing has changed then.</exception>
    public async Task ApplyAsync(ProxyConfig next, CancellationToken cancellationToken)
    {
        var added = next.Listeners.Where(l => !_listeners.TryGetValue(l.Key, out var bound) || bound.Address != l.Value.Address)
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
        var bound = await BindAsync(added, cancellationToken);
        _source.Current = _snapshots.Build(next, Current);
        foreach (var name in _listeners.Keys.Where(name => !next.Listeners.ContainsKey(name) || bound.ContainsKey(name)).ToList())
        {
            _listeners.Remove(name, out var old);
            RetireInBackground(name, old!);
        }

        foreach (var (name, listener) in bound)
        {
            _listeners.Add(name, listener);
        }

        _services.Pools.Retain(Current.Clusters.Values.SelectMany(static c => c.Model.Destinations).ToHashSet());
        PoolWarmer.Begin(Current, _services.Pools);
        Log.Applied(_logger, Current.Revision);
    }

    /// <summary>Stops accepting, lets transactions finish within DrainTimeout, then ends what is left. Cancelling ends at once.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        IsReady = false;
        IsDraining = true;
        using var abort = new CancellationTokenSource();
        var stopped = Task.WhenAll(_listeners.Values.Select(listener => listener.StopAsync(abort.Token)));
        _services.Pools.StopWarming();
        _sessions.Drain();
        var drain = Current.Config.Shutdown.DrainTimeout;
        var lastWords = LastWords < drain / 2 ? LastWords : drain / 2;
        if (!await IsDoneAsync(stopped, drain - lastWords, cancellationToken))
        {
            Log.DrainExpired(_logger, _sessions.Count);
            _sessions.End();
            await _stopping.CancelAsync();
            await IsDoneAsync(stopped, lastWords / 2, cancellationToken);
        }

        await abort.CancelAsync();
        await stopped;
        await _services.Pools.ShutdownAsync(lastWords / 2);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners.Values)
        {
            listener.Dispose();
        }

        // In the reverse order of their making: what writes goes before what it writes to.
        for (var i = _parts.Count - 1; i >= 0; i--)
        {
            await _parts[i].DisposeAsync();
        }

        _stopping.Dispose();
    }

    private async Task<bool> IsDoneAsync(Task task, TimeSpan within, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(within, _services.Time, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<Dictionary<string, IListenerServer>> BindAsync(
        IReadOnlyDictionary<string, ListenerConfig> listeners, CancellationToken cancellationToken)
    {
        var bound = new Dictionary<string, IListenerServer>(StringComparer.OrdinalIgnoreCase);
        try
        {
            foreach (var (name, config) in listeners)
            {
                var handler = new SmtpProxyConnectionHandler(
                    name, _source, _services, _sessions, new ConnectionLimiter(),
                    _loggers.CreateLogger<SmtpProxyConnectionHandler>(), _stopping.Token);
                var pipeline = new ListenerPipeline(name, _source, handler, _headers, _services.Time, _loggers);
                var server = CreateListener(name, config.Address, pipeline.OnConnectionAsync);
                bound.Add(name, server);
                await server.StartAsync(cancellationToken);
            }

            return bound;
        }
        catch
        {
            foreach (var server in bound.Values)
            {
                server.Dispose();
            }

            throw;
        }
    }

    private IListenerServer CreateListener(string name, string address, Func<ConnectionContext, Task> application) => _transport is null
        ? new ListenerServer(name, address, application, _loggers)
        : new TransportListenerServer(name, address, _transport.Listeners, application, _services.Time, _loggers);

    private void RetireInBackground(string name, IListenerServer listener)
    {
        async Task RetireAsync()
        {
            using var abort = new CancellationTokenSource(Current.Config.Shutdown.DrainTimeout, _services.Time);
            try
            {
                await listener.StopAsync(abort.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                Log.RetireFailed(_logger, name, e);
            }

            listener.Dispose();
        }

        _ = Task.Run(RetireAsync, CancellationToken.None);
    }

    private static partial class Log
    {
        [LoggerMessage(1800, LogLevel.Information, "Configuration revision {Revision} is in force", EventName = "ConfigurationApplied")]
        public static partial void Applied(ILogger logger, long revision);

        [LoggerMessage(1801, LogLevel.Warning, "DrainTimeout has passed; {Sessions} sessions are ended", EventName = "DrainExpired")]
        public static partial void DrainExpired(ILogger logger, int sessions);

        [LoggerMessage(1802, LogLevel.Warning, "Listener {Listener} did not close cleanly", EventName = "ListenerRetireFailed")]
        public static partial void RetireFailed(ILogger logger, string listener, Exception exception);

        [LoggerMessage(1804, LogLevel.Warning,
            "Listeners may have {Wanted} connections (MaxConnections), but the limit of open files leaves room for {Possible}, those to servers "
            + "included: more clients get 421. Raise it (LimitNOFILE, ulimit -n)", EventName = "FewDescriptors")]
        public static partial void FewDescriptors(ILogger logger, long wanted, int possible);
    }
}
