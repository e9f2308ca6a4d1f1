using BenchmarkDotNet.Attributes;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Routing.LoadBalancing;

namespace SmtpProxy.Benchmarks;

/// <summary>Choosing a destination for a new sender among eight.</summary>
[MemoryDiagnoser]
public class LoadBalancingBenchmarks
{
    private static readonly SenderKey Key = new("sender@example.com");

    private readonly DestinationState[] _destinations = [.. Enumerable.Range(1, 8).Select(Create)];
    private readonly BoundedRendezvousPolicy _rendezvous = new(static () => Random.Shared);
    private readonly PowerOfTwoChoicesPolicy _powerOfTwo = new(static () => Random.Shared);
    private readonly ClusterState _cluster;

    /// <summary>Creates the pool.</summary>
    public LoadBalancingBenchmarks() => _cluster = new ClusterState("pool", new ClusterModel(new ClusterConfig(), _destinations));

    /// <summary>The default policy.</summary>
    [Benchmark(Baseline = true)]
    public DestinationState BoundedRendezvous() => _rendezvous.Pick(new LoadBalancingContext(_cluster, Key, _destinations));

    /// <summary>Two at random, the idler one.</summary>
    [Benchmark]
    public DestinationState PowerOfTwoChoices() => _powerOfTwo.Pick(new LoadBalancingContext(_cluster, Key, _destinations));

    private static DestinationState Create(int number) =>
        new("pool", $"mta{number}", new DestinationModel(new DestinationConfig(), new ConnectionConfig(), "127.0.0.1", 25));
}
