using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Host.Admin;
using SmtpProxy.Host.Running;
using SmtpProxy.Management;
using SmtpProxy.Model;
using SmtpProxy.Routing;
using SmtpProxy.Routing.LoadBalancing;
using SmtpProxy.Routing.SenderKeys;

namespace SmtpProxy.FunctionalTests.Host;

/// <summary>A proxy without listeners: a real affinity directory on a store in memory, and switches for the rest.</summary>
internal sealed class FakeAdminTarget : IAdminTarget, IAsyncDisposable
{
    public FakeAdminTarget(ProxyConfig config, CollectorRegistry registry)
    {
        Current = Build(ConfigLoader.Validate(config).Config ?? throw new ArgumentException("invalid", nameof(config)));
        var options = new AffinityDirectoryOptions
        {
            Hasher = SenderKeyHasher.Create(config.AffinityStore),
            Settings = cluster => Current.Config.Clusters.GetValueOrDefault(cluster)?.SessionAffinity,
            Registry = registry,
        };
        Affinity = new AffinityDirectory(
            new MemoryAffinityStore(1000, TimeProvider.System), options, TimeProvider.System, NullLogger<AffinityDirectory>.Instance);
    }

    public ProxySnapshot Current { get; }

    public AffinityDirectory Affinity { get; }

    public bool IsReady { get; set; } = true;

    public bool IsDraining { get; set; }

    public bool IsStoreUp { get; set; } = true;

    public Func<ExplainQuery, ExplainResult> OnExplain { get; set; } = _ => new ExplainResult(null, null, null, null, null, []);

    public ReloadResult NextReload { get; set; } = new(ReloadStatus.Applied, 2, [], []);

    public ExplainResult Explain(ExplainQuery query) => OnExplain(query);

    public Task<ReloadResult> ReloadAsync(CancellationToken cancellationToken) => Task.FromResult(NextReload);

    public ValueTask DisposeAsync() => Affinity.DisposeAsync();

    private static ProxySnapshot Build(ProxyConfig config)
    {
        var clusters = config.Clusters.ToDictionary(
            pair => pair.Key,
            pair => new ClusterState(pair.Key, new ClusterModel(pair.Value, CreateDestinations(pair.Key, pair.Value))),
            StringComparer.OrdinalIgnoreCase);
        var keys = new SenderKeyFactoryBuilder(
            [new SenderAddressKeyPolicy(), new SenderDomainKeyPolicy()],
            [new SubAddressNormalizer(), new VerpNormalizer(), new BatvNormalizer(), new SrsNormalizer()]);
        var policies = new LoadBalancingPolicySet([new FirstAlphabeticalPolicy()]);
        return new ProxySnapshot(config, new RouteTableBuilder(policies, keys).Build(config, clusters), clusters, 1);
    }

    private static DestinationState[] CreateDestinations(string clusterId, ClusterConfig cluster) =>
    [
        .. cluster.Destinations
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new DestinationState(
                clusterId, pair.Key, new DestinationModel(pair.Value, cluster.Connection, "127.0.0.1", 25))),
    ];
}
