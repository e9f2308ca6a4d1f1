using Microsoft.Extensions.Logging;
using Prometheus;
using SmtpProxy.Accounting;
using SmtpProxy.Affinity;
using SmtpProxy.Backends;
using SmtpProxy.Configuration;
using SmtpProxy.Connections;
using SmtpProxy.Infrastructure;
using SmtpProxy.Management;
using SmtpProxy.Model;
using SmtpProxy.Routing;
using SmtpProxy.Sessions;

namespace SmtpProxy.Hosting;

/// <summary>Puts a proxy together: the one place that knows all its parts.</summary>
internal static class ProxyRuntimeFactory
{
    /// <summary>Creates a proxy that is not started yet.</summary>
    /// <param name="config">A validated configuration.</param>
    /// <param name="store">Where affinity is kept; disposed with the proxy.</param>
    /// <param name="registry">Where metrics are published.</param>
    /// <param name="log">Where the transaction log goes.</param>
    /// <param name="extensions">What is added to the built-in parts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where operational messages go.</param>
    public static ProxyRuntime Create(
        ProxyConfig config, IAffinityStore store, CollectorRegistry registry, Stream log, ProxyExtensions extensions,
        TimeProvider time, ILoggerFactory loggers)
    {
        var metrics = Metrics.WithCustomRegistry(registry);
        var builder = new SnapshotBuilder(new RouteTableBuilder(BuiltIns.LoadBalancing(extensions), BuiltIns.SenderKeys(extensions)));
        var source = new SnapshotSource(builder.Build(config, previous: null));
        SessionAffinityConfig? Settings(string cluster) =>
            source.Current.Config.Clusters.TryGetValue(cluster, out var known) ? known.SessionAffinity : null;

        var directory = new AffinityDirectory(
            store,
            new AffinityDirectoryOptions
            {
                Hasher = SenderKeyHasher.Create(config.AffinityStore),
                Settings = Settings,
                Registry = registry,
                MaxEntries = config.AffinityStore.MaxEntries,
                MaxQueuedWrites = config.AffinityStore.MaxQueuedWrites,
                StoreTimeout = config.AffinityStore.Etcd.Timeout,
            },
            time,
            loggers.CreateLogger<AffinityDirectory>());
        var limits = new LimitMetrics(metrics);
        var descriptors = new DescriptorBudget(OpenFileLimit.ReadFree(), config.ReservedDescriptors);
        void CountShortage() => limits.Hit(LimitKind.ReservedDescriptors);
        var connector = new BudgetedConnector(CreateConnector(config, extensions), descriptors, CountShortage);
        var reroutes = new RerouteObserver(directory, config.AffinityStore, Settings, limits.Hit, time, loggers.CreateLogger<RerouteObserver>());
        var lines = new QueuedLineWriter(log, metrics, time, loggers.CreateLogger<QueuedLineWriter>(), config.MaxQueuedLogLines);
        var replies = new ReplyCounter(metrics);
        _ = new DestinationMetrics(metrics, registry, () => source.Current.Clusters.Values.SelectMany(static c => c.Model.Destinations));
        var services = new SessionServices(
            directory,
            new CandidateSelector(time),
            new BackendPools(
                new SocketBackendTransport(connector, time, extensions.Transport?.Scheduler), new PoolMetrics(metrics), time,
                loggers.CreateLogger<BackendPools>(), extensions.Transport?.Lane),
            new TransactionAccountant(
                [reroutes, new TransactionMetrics(metrics, replies, time), limits, new TransactionLog(config.LogFormat, lines), .. extensions.Observers],
                loggers.CreateLogger<TransactionAccountant>()),
            new SessionAccountant([new SessionMetrics(metrics)], loggers.CreateLogger<SessionAccountant>()),
            limits,
            replies,
            new ServerCertificates(time, loggers.CreateLogger<ServerCertificates>()),
            new HandshakeGate(
                config.MaxConcurrentHandshakes > 0 ? config.MaxConcurrentHandshakes : Environment.ProcessorCount,
                () => limits.Hit(LimitKind.MaxConcurrentHandshakes)),
            descriptors,
            time);
        var learner = new CapabilityLearner(source, services.Pools, time);
        return new ProxyRuntime(
            source, builder, services, reroutes, learner, new ProxyHeaderMetrics(metrics, limits), [directory, reroutes, lines, services.Pools, learner],
            extensions.Transport, loggers);
    }

    private static IAddressConnector CreateConnector(ProxyConfig config, ProxyExtensions extensions) => extensions.Transport switch
    {
        { } transport => new TransportConnector(transport.Connections),
        null when config.Transport != TransportKind.Epoll => new SocketConnector(),
        _ => throw new InvalidOperationException($"SmtpProxy:Transport is {config.Transport}, but the application gives the proxy no transport."),
    };
}
