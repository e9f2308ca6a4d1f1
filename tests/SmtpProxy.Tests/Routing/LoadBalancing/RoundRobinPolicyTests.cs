using SmtpProxy.Routing.LoadBalancing;
using Xunit;

namespace SmtpProxy.Tests.Routing.LoadBalancing;

public sealed class RoundRobinPolicyTests
{
    [Fact]
    public void Pick_EqualWeights_GoesAroundInOrder()
    {
        var cluster = Clusters.Of("a:2", "b:2", "c:2");

        Assert.Equal("abcabc", string.Concat(Rotated(Turns(cluster, 6))));
    }

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(5, 3, 1)]
    [InlineData(100, 1, 7)]
    [InlineData(1, 3, 0)]
    public void Pick_OneRound_FollowsTheWeightsExactly(int a, int b, int c)
    {
        var cluster = c == 0 ? Clusters.Of($"a:{a}", $"b:{b}") : Clusters.Of($"a:{a}", $"b:{b}", $"c:{c}");

        var counts = Turns(cluster, a + b + c).CountBy(id => id).ToDictionary();

        Assert.Equal(a, counts["a"]);
        Assert.Equal(b, counts["b"]);
        Assert.Equal(c, counts.GetValueOrDefault("c"));
    }

    [Fact]
    public void Pick_UnequalWeights_Interleaves()
    {
        var cluster = Clusters.Of("a:50", "b:49");

        var turns = string.Concat(Turns(cluster, 99));

        Assert.DoesNotContain("aaaa", turns, StringComparison.Ordinal);
        Assert.DoesNotContain("bbbb", turns, StringComparison.Ordinal);
    }

    [Fact]
    public void Pick_OtherCluster_HasItsOwnTurn()
    {
        var policy = new RoundRobinPolicy();
        var (one, other) = (Clusters.Of("a", "b"), Clusters.Of("a", "b"));

        var first = policy.Pick(new LoadBalancingContext(one, default, one.Destinations())).Id;

        Assert.Equal(first, policy.Pick(new LoadBalancingContext(other, default, other.Destinations())).Id);
        Assert.NotEqual(first, policy.Pick(new LoadBalancingContext(one, default, one.Destinations())).Id);
    }

    private static string[] Turns(Model.ClusterState cluster, int count)
    {
        var policy = new RoundRobinPolicy();
        return [.. Enumerable.Range(0, count).Select(_ => Turn().Id)];

        Model.DestinationState Turn() => policy.Pick(new LoadBalancingContext(cluster, default, cluster.Destinations()));
    }

    // The counter may start anywhere: the round is what counts.
    private static IEnumerable<string> Rotated(string[] turns)
    {
        var start = Array.IndexOf(turns, "a");
        return turns.Skip(start).Concat(turns.Take(start));
    }
}
