using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Routing;
using SmtpProxy.Routing.LoadBalancing;
using Xunit;

namespace SmtpProxy.Tests.Routing;

public sealed class CandidateSelectorTests
{
    private static readonly SmtpExtensions Utf8 = SmtpExtensions.SmtpUtf8;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Select_NoEntry_AsksThePolicy() => Assert.Equal("a", Select(Clusters.Of("c", "a", "b")));

    [Fact]
    public void Select_Tried_AreNotAskedAgain()
    {
        var cluster = Clusters.Of("a", "b", "c");

        Assert.Equal("b", Select(cluster, tried: ["a"]));
        Assert.Equal("c", Select(cluster, tried: ["b", "a"]));
        Assert.Equal("NoneLeft", Select(cluster, tried: ["b", "a", "c"]));
    }

    [Fact]
    public void Select_StoreAway_ThePolicyIsTold()
    {
        var cluster = Clusters.Of("a", "b", "c");
        var request = Request(cluster, entry: null, [], policy: new BoundedRendezvousPolicy(() => new Random(1)));
        new CandidateSelector(_time).Select(request, out var best);
        best!.Busy(10);

        new CandidateSelector(_time).Select(request, out var bounded);
        new CandidateSelector(_time).Select(request with { IsStoreAway = true }, out var agreed);

        Assert.NotSame(best, bounded);
        Assert.Same(best, agreed);
    }

    [Fact]
    public void Select_Entry_ComesFirst()
    {
        var cluster = Clusters.Of("a", "b", "c");

        Assert.Equal("c", Select(cluster, Entry("C")));
        Assert.Equal("a", Select(cluster, Entry("c"), tried: ["c"]));
    }

    [Fact]
    public void Select_EntryOfWeightZero_IsKept() => Assert.Equal("b", Select(Clusters.Of("a", "b:0"), Entry("b")));

    [Fact]
    public void Select_EntryOfVanishedDestination_AsksThePolicy() => Assert.Equal("a", Select(Clusters.Of("a", "b"), Entry("gone")));

    [Fact]
    public void Select_Avoided_ComesAfterAllOthers()
    {
        var cluster = Clusters.Of("a", "b", "c:0");
        var entry = Entry("b") with { AvoidedDestination = "A", AvoidedUntil = _time.GetUtcNow().AddMinutes(15) };

        Assert.Equal("b", Select(cluster, entry));
        Assert.Equal("c", Select(cluster, entry, tried: ["b"]));
        Assert.Equal("a", Select(cluster, entry, tried: ["b", "c"]));
    }

    [Fact]
    public void Select_AvoidedUntilPassed_CountsAgain()
    {
        var cluster = Clusters.Of("a", "b", "c");
        var entry = Entry("b") with { AvoidedDestination = "a", AvoidedUntil = _time.GetUtcNow().AddMinutes(15) };
        Assert.Equal("c", Select(cluster, entry, tried: ["b"]));

        _time.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal("a", Select(cluster, entry, tried: ["b"]));
    }

    [Fact]
    public void Select_EntryOnAvoided_IsFollowed()
    {
        var entry = Entry("a") with { AvoidedDestination = "a", AvoidedUntil = _time.GetUtcNow().AddMinutes(15) };

        Assert.Equal("a", Select(Clusters.Of("a", "b"), entry));
    }

    [Fact]
    public void Select_WeightZero_OnlyWhenNothingElseIsLeft()
    {
        var cluster = Clusters.Of("a:0", "b:1", "c:0");

        Assert.Equal("b", Select(cluster));
        Assert.Equal("a", Select(cluster, tried: ["b"]));
    }

    [Fact]
    public void Select_Return451_NeverLeavesTheEntry()
    {
        var cluster = Clusters.Of(Bound, "a", "b");

        Assert.Equal("b", Select(cluster, Entry("b")));
        Assert.Equal("NoneLeft", Select(cluster, Entry("b"), tried: ["b"]));
    }

    [Fact]
    public void Select_Return451WithoutEntry_AsksThePolicy() => Assert.Equal("a", Select(Clusters.Of(Bound, "a", "b")));

    [Fact]
    public void Select_Return451EntryLacksExtension_DefersAsOthersHaveIt()
    {
        var cluster = Clusters.Of(Bound, "a", "b");
        Learn(cluster, "b", SmtpExtensions.None);

        Assert.Equal("NoneLeft", Select(cluster, Entry("b"), required: Utf8));
    }

    [Fact]
    public void Select_Constraints_AdmitOnlyMatching()
    {
        var cluster = Clusters.Of("a:1:us", "b:1:EU", "c", "d:1:eu");

        Assert.Equal("b", Select(cluster, constraint: "eu"));
        Assert.Equal("d", Select(cluster, constraint: "eu", tried: ["b"]));
        Assert.Equal("NoneLeft", Select(cluster, constraint: "eu", tried: ["b", "d"]));
    }

    [Fact]
    public void Select_EntryOutsideConstraints_IsNotFollowed() =>
        Assert.Equal("b", Select(Clusters.Of("a:1:us", "b:1:eu"), Entry("a"), constraint: "eu"));

    [Fact]
    public void Select_ConstraintsLeaveNothing_SaysSo() =>
        Assert.Equal("ConstraintUnmet", Select(Clusters.Of("a:1:us", "b"), constraint: "eu"));

    [Fact]
    public void Select_EmptyCluster_IsConstraintUnmet() => Assert.Equal("ConstraintUnmet", Select(Clusters.Of()));

    [Fact]
    public void Select_KnownToLackExtension_IsPassedOver()
    {
        var cluster = Clusters.Of("a", "b", "c");
        Learn(cluster, "a", SmtpExtensions.Dsn);
        Learn(cluster, "c", SmtpExtensions.SmtpUtf8 | SmtpExtensions.Dsn);

        Assert.Equal("b", Select(cluster, required: Utf8));
        Assert.Equal("c", Select(cluster, Entry("a"), required: Utf8, tried: ["b"]));
    }

    [Fact]
    public void Select_AllLackExtension_IsPermanent()
    {
        var cluster = Clusters.Of("a", "b:1:eu");
        Learn(cluster, "b", SmtpExtensions.None);

        Assert.Equal("a", Select(cluster, required: Utf8));
        Assert.Equal("ExtensionUnmet", Select(cluster, required: Utf8, constraint: "eu"));

        Learn(cluster, "a", SmtpExtensions.None);

        Assert.Equal("ExtensionUnmet", Select(cluster, required: Utf8));
        Assert.Equal("ExtensionUnmet", Select(cluster, required: Utf8, tried: ["a"]));
    }

    [Fact]
    public void Select_CapableOneTried_IsTemporary()
    {
        var cluster = Clusters.Of("a", "b");
        Learn(cluster, "b", SmtpExtensions.None);

        Assert.Equal("NoneLeft", Select(cluster, required: Utf8, tried: ["a"]));
    }

    [Fact]
    public void Select_Size_IsComparedWithTheLimits()
    {
        var cluster = Clusters.Of("a", "b");
        Learn(cluster, "a", SmtpExtensions.Size, 1000);
        Learn(cluster, "b", SmtpExtensions.Size, 2000);

        Assert.Equal("a", Select(cluster, size: 1000));
        Assert.Equal("b", Select(cluster, size: 1001));
        Assert.Equal("SizeExceeded", Select(cluster, size: 2001));
        Assert.Equal("a", Select(cluster, size: -1));
    }

    [Fact]
    public void Select_NoFixedSizeLimit_TakesAnySize()
    {
        var cluster = Clusters.Of("a");
        Learn(cluster, "a", SmtpExtensions.Size);

        Assert.Equal("a", Select(cluster, size: long.MaxValue));
    }

    [Fact]
    public void Select_SomeLackExtensionOthersTooSmall_NamesTheSize()
    {
        var cluster = Clusters.Of("a", "b", "c");
        Learn(cluster, "a", SmtpExtensions.None);
        Learn(cluster, "b", SmtpExtensions.SmtpUtf8 | SmtpExtensions.Size, 10);
        Learn(cluster, "c", SmtpExtensions.None);

        Assert.Equal("SizeExceeded", Select(cluster, required: Utf8, size: 11));
    }

    [Fact]
    public void Select_LargeCluster_FindsTheLast()
    {
        var names = Enumerable.Range(0, 200).Select(i => $"d{i:000}").ToArray();

        Assert.Equal("d000", Select(Clusters.Of(names)));
        Assert.Equal("d199", Select(Clusters.Of(names), tried: names[..199]));
    }

    [Fact]
    public void Select_OneLeft_DoesNotAskThePolicy() =>
        Assert.Equal("b", Select(Clusters.Of("a", "b"), tried: ["a"], policy: new ForeignPolicy()));

    [Fact]
    public void Select_PolicyPicksWhatWasNotOffered_Throws() =>
        Assert.Throws<InvalidOperationException>(
            () => Select(Clusters.Of("a:1:us", "b:1:eu", "c:1:eu"), constraint: "eu", policy: new ForeignPolicy()));

    [Fact]
    public void Select_Steady_AllocatesNothing()
    {
        var cluster = Clusters.Of("a", "b", "c");
        var selector = new CandidateSelector(_time);
        var entry = Entry("c") with { AvoidedDestination = "a", AvoidedUntil = _time.GetUtcNow() };
        var request = Request(cluster, entry, [cluster.Model.Find("c")!]);
        selector.Select(request, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        selector.Select(request, out var destination);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotNull(destination);
    }

    private static ClusterConfig Bound =>
        new() { SessionAffinity = new SessionAffinityConfig { FailurePolicy = AffinityFailurePolicies.Return451 } };

    private AffinityEntry Entry(string destination) =>
        new(destination, AffinityReason.Assigned, _time.GetUtcNow(), _time.GetUtcNow().AddMinutes(30), 1);

    private static void Learn(ClusterState cluster, string id, SmtpExtensions extensions, long limit = 0) =>
        cluster.Model.Find(id)!.Learn(SmtpCapabilities.None with { Extensions = extensions, SizeLimit = limit });

    /// <summary>The destination's name, or the status when there is none.</summary>
    private string Select(
        ClusterState cluster,
        AffinityEntry? entry = null,
        string[]? tried = null,
        string? constraint = null,
        SmtpExtensions required = SmtpExtensions.None,
        long size = -1,
        ILoadBalancingPolicy? policy = null)
    {
        var request = Request(cluster, entry, [.. (tried ?? []).Select(id => cluster.Model.Find(id)!)], constraint, policy) with
        {
            Required = required,
            Size = size,
        };

        var status = new CandidateSelector(_time).Select(request, out var destination);

        Assert.Equal(status == CandidateStatus.Found, destination is not null);
        return destination?.Id ?? status.ToString();
    }

    private static CandidateRequest Request(
        ClusterState cluster, AffinityEntry? entry, DestinationState[] tried, string? constraint = null, ILoadBalancingPolicy? policy = null)
    {
        var config = constraint is null
            ? new RouteConfig()
            : new RouteConfig { Constraints = new Dictionary<string, IReadOnlyList<string>> { ["region"] = ["asia", constraint] } };
        var keys = BuiltIn.SenderKeys.Build(cluster.Model.Config.SessionAffinity);
        var route = new RouteModel("r", config, cluster, policy ?? new FirstAlphabeticalPolicy(), keys);
        var match = new RouteMatch(route, cluster.Model, new SenderKey("a@b.c"));
        return new CandidateRequest { Match = match, Entry = entry, Tried = tried };
    }

    private sealed class ForeignPolicy : ILoadBalancingPolicy
    {
        public string Name => "Foreign";

        public DestinationState Pick(in LoadBalancingContext context) => context.Cluster.Model.Destinations[0];
    }
}
