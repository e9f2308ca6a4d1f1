using System.Net;
using BenchmarkDotNet.Attributes;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Routing;
using SmtpProxy.Routing.LoadBalancing;
using SmtpProxy.Routing.SenderKeys;

namespace SmtpProxy.Benchmarks;

/// <summary>From an envelope to a destination: the sender's key, and which of eight servers is asked.</summary>
[MemoryDiagnoser]
public class RoutingBenchmarks
{
    private const int Routes = 1_000;

    private readonly SenderKeyFactory _keys = new SenderKeyFactoryBuilder(
        [new SenderAddressKeyPolicy()],
        [new SubAddressNormalizer(), new VerpNormalizer(), new BatvNormalizer(), new SrsNormalizer()]).Build(new SessionAffinityConfig());

    private readonly Envelope _plain = CreateEnvelope("sender@example.com");
    private readonly Envelope _verp = CreateEnvelope("list+sender=example.net@Example.COM");
    private readonly Envelope _subAddress = CreateEnvelope("Sender+News@Example.COM");
    private readonly Envelope _batv = CreateEnvelope("prvs=1234abcdef=sender@example.com");
    private readonly Envelope _srs = CreateEnvelope("SRS0=HHH=TT=example.net=sender@forwarder.example");
    private readonly CandidateSelector _selector = new(TimeProvider.System);
    private readonly RouteTable _routes;
    private readonly CandidateRequest _known;
    private readonly CandidateRequest _new;

    /// <summary>Creates the pool.</summary>
    public RoutingBenchmarks()
    {
        var destinations = Enumerable.Range(1, 8).Select(
            static number => new DestinationState("pool", $"mta{number}", new DestinationModel(new DestinationConfig(), new ConnectionConfig(), "127.0.0.1", 25)));
        var cluster = new ClusterState("pool", new ClusterModel(new ClusterConfig(), [.. destinations]));
        var route = new RouteModel("r", new RouteConfig(), cluster, new BoundedRendezvousPolicy(static () => Random.Shared), _keys);
        _routes = new RouteTable(Enumerable.Range(0, Routes).Select(number => CreateRoute(number, cluster)).Append(route));
        var now = TimeProvider.System.GetUtcNow();
        _new = new CandidateRequest { Match = new RouteMatch(route, cluster.Model, new SenderKey("sender@example.com")), Size = -1, Tried = [] };
        _known = _new with { Entry = new AffinityEntry("mta5", AffinityReason.Assigned, now, now.AddHours(1), 1) };
    }

    /// <summary>The key of an ordinary address.</summary>
    [Benchmark]
    public SenderKey PlainKey() => _keys.Create(_plain);

    /// <summary>The key behind a variable envelope return path.</summary>
    [Benchmark]
    public SenderKey VerpKey() => _keys.Create(_verp);

    /// <summary>The key of an address with a detail, in mixed case.</summary>
    [Benchmark]
    public SenderKey SubAddressKey() => _keys.Create(_subAddress);

    /// <summary>The key behind a signed return path.</summary>
    [Benchmark]
    public SenderKey BatvKey() => _keys.Create(_batv);

    /// <summary>The key behind a rewritten sender.</summary>
    [Benchmark]
    public SenderKey SrsKey() => _keys.Create(_srs);

    /// <summary>The route of a sender, among a thousand that are for others, and its key.</summary>
    [Benchmark]
    public bool Match() => _routes.Match(_plain) is not null;

    /// <summary>The server of a sender that has one.</summary>
    [Benchmark]
    public bool SelectKnown() => _selector.Select(_known, out _) == CandidateStatus.Found;

    /// <summary>The server of a sender that has none.</summary>
    [Benchmark]
    public bool SelectNew() => _selector.Select(_new, out _) == CandidateStatus.Found;

    private RouteModel CreateRoute(int number, ClusterState cluster) => new(
        $"r{number}", new RouteConfig { Match = new RouteMatchConfig { SenderDomains = [$"d{number}.example.com"] } }, cluster,
        new BoundedRendezvousPolicy(static () => Random.Shared), _keys);

    private static Envelope CreateEnvelope(string sender) => new()
    {
        Client = new ClientIdentity("s1", "mx", new IPEndPoint(IPAddress.Loopback, 40_000), new IPEndPoint(IPAddress.Loopback, 2525)),
        Helo = "client.example",
        Sender = sender,
        SenderAt = sender.LastIndexOf('@'),
        MailCommand = default,
        BareMailCommand = default,
    };
}
