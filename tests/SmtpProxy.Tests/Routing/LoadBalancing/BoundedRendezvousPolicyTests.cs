using SmtpProxy.Model;
using SmtpProxy.Routing.LoadBalancing;
using Xunit;

namespace SmtpProxy.Tests.Routing.LoadBalancing;

public sealed class BoundedRendezvousPolicyTests
{
    private const int Keys = 10_000;

    [Theory]
    [InlineData("a", "b", "c", "d")]
    [InlineData("mta1:1", "mta2:2", "mta3:3", "mta4:4")]
    [InlineData("mx-eu-1.example.com:10", "mx-eu-2.example.com:1")]
    [InlineData("a:100", "b:50", "c:50")]
    public void Pick_ManyKeys_FollowsTheWeights(params string[] destinations)
    {
        var cluster = Clusters.Of(destinations);

        var counts = Enumerable.Range(0, Keys).CountBy(i => Pick(cluster, i).Id).ToDictionary();

        var total = cluster.Destinations().Sum(d => d.Model.Config.Weight);
        foreach (var destination in cluster.Destinations())
        {
            var share = (double)destination.Model.Config.Weight / total;
            Assert.InRange((double)counts[destination.Id] / Keys, share - 0.05, share + 0.05);
            Assert.InRange((double)counts[destination.Id] / (Keys * share), 0.9, 1.1);
        }
    }

    [Fact]
    public void Pick_DestinationLeaves_MovesOnlyItsKeys()
    {
        var all = Clusters.Of("a:1", "b:2", "c:3", "d:1");
        var rest = all.Destinations().Where(d => d.Id != "c").ToArray();
        var moved = 0;

        for (var i = 0; i < Keys; i++)
        {
            var before = Pick(all, i);
            var after = Pick(all, i, rest);
            moved += before.Id == "c" ? 1 : 0;
            Assert.True(before.Id == "c" || before == after, $"key {i} moved from {before} to {after}");
        }

        Assert.InRange(moved, 1, Keys - 1);
    }

    [Fact]
    public void Pick_WeightGrows_MovesKeysOnlyToIt()
    {
        var before = Clusters.Of("a", "b", "c");
        var after = Clusters.Of("a", "b:2", "c");

        for (var i = 0; i < Keys; i++)
        {
            var (from, to) = (Pick(before, i).Id, Pick(after, i).Id);
            Assert.True(from == to || to == "b", $"key {i} moved from {from} to {to}");
        }
    }

    [Fact]
    public void Pick_OtherInstanceOrderAndCase_Agrees()
    {
        var one = Clusters.Of("mta1", "mta2", "mta3");
        var other = Clusters.Of("MTA3", "mta1", "Mta2");

        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(Pick(one, i).Id, Pick(other, i).Id, ignoreCase: true);
        }
    }

    [Fact]
    public void Pick_OneSenderFloods_StaysWithinTheBound()
    {
        var cluster = Clusters.Of("a:1", "b:2", "c:5");
        for (var total = 1; total <= 800; total++)
        {
            var picked = Pick(cluster, 7);
            picked.Enter();

            var bound = Math.Ceiling(1.25 * total * picked.Model.Config.Weight / 8);
            Assert.True(picked.InFlight <= bound, $"{picked} has {picked.InFlight} of {total}, above {bound}");
        }
    }

    [Fact]
    public void Pick_BestAtItsBound_TakesTheNextBest()
    {
        var cluster = Clusters.Of("a", "b", "c");
        var best = Pick(cluster, 1);
        var rest = cluster.Destinations().Where(d => d != best).ToArray();
        var next = Pick(cluster, 1, rest);
        best.Busy(10);

        Assert.Same(next, Pick(cluster, 1));
    }

    [Fact]
    public void Pick_StoreAway_AgreesWhateverTheLoad()
    {
        var idle = Clusters.Of("a", "b", "c");
        var busy = Clusters.Of("a", "b", "c");
        busy.Destinations()[1].Busy(10);

        for (var i = 0; i < 100; i++)
        {
            var context = new LoadBalancingContext(busy, new SenderKey($"user{i}@example.com"), busy.Destinations()) { IsStoreAway = true };
            Assert.Equal(Pick(idle, i).Id, Policy().Pick(context).Id);
        }
    }

    [Fact]
    public void Pick_LoadEnds_ReturnsToTheBest()
    {
        var cluster = Clusters.Of("a", "b", "c");
        var best = Pick(cluster, 1).Busy(1);
        cluster.Destinations().Single(d => d != best && d != Pick(cluster, 1)).Busy(1);
        best.Leave();

        Assert.Same(best, Pick(cluster, 1));
    }

    [Fact]
    public void Pick_NoKey_TakesTheLessBusy()
    {
        var cluster = Clusters.Of("a", "b");
        cluster.Destinations()[0].Busy(3);

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal("b", Policy().Pick(new LoadBalancingContext(cluster, SenderKey.None, cluster.Destinations())).Id);
        }
    }

    [Fact]
    public void Pick_OnlyWeightZero_SpreadsEvenly()
    {
        var cluster = Clusters.Of("a:0", "b:0");

        var onA = Enumerable.Range(0, Keys).Count(i => Pick(cluster, i).Id == "a");

        Assert.InRange(onA, Keys * 0.45, Keys * 0.55);
    }

    private static BoundedRendezvousPolicy Policy() => new(() => new Random(1));

    private static DestinationState Pick(ClusterState cluster, int key, DestinationState[]? available = null) =>
        Policy().Pick(new LoadBalancingContext(cluster, new SenderKey($"user{key}@example.com"), available ?? cluster.Destinations()));
}
