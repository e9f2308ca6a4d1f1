using SmtpProxy.Model;
using SmtpProxy.Routing.LoadBalancing;
using Xunit;

namespace SmtpProxy.Tests.Routing.LoadBalancing;

public sealed class PowerOfTwoChoicesPolicyTests
{
    [Fact]
    public void Pick_IdlePool_FollowsTheWeights()
    {
        var cluster = Clusters.Of("a:1", "b:2", "c:3");

        var counts = Picks(cluster, 6000).CountBy(d => d.Id).ToDictionary();

        Assert.InRange(counts["a"], 850, 1150);
        Assert.InRange(counts["b"], 1850, 2150);
        Assert.InRange(counts["c"], 2850, 3150);
    }

    [Fact]
    public void Pick_TransactionsStay_KeepsThePoolEven()
    {
        var cluster = Clusters.Of("a", "b", "c", "d", "e");

        foreach (var picked in Picks(cluster, 1000))
        {
            picked.Enter();
        }

        Assert.All(cluster.Destinations(), d => Assert.InRange(d.InFlight, 185, 215));
    }

    [Fact]
    public void Pick_BusiestOfAll_IsNeverTaken()
    {
        var cluster = Clusters.Of("a", "b", "c");
        cluster.Destinations()[1].Busy(1);

        Assert.DoesNotContain(Picks(cluster, 500), d => d.Id == "b");
    }

    [Theory]
    [InlineData("a:1", "b:1000000")]
    [InlineData("a:2147483647", "b:2147483647")]
    public void Pick_ExtremeWeights_StillDrawsTwo(params string[] destinations)
    {
        var cluster = Clusters.Of(destinations);
        cluster.Destinations()[1].Busy(2_000_001);

        Assert.All(Picks(cluster, 100), d => Assert.Equal("a", d.Id));
    }

    private static IEnumerable<DestinationState> Picks(ClusterState cluster, int count)
    {
        var random = new Random(7);
        var policy = new PowerOfTwoChoicesPolicy(() => random);
        for (var i = 0; i < count; i++)
        {
            yield return policy.Pick(new LoadBalancingContext(cluster, SenderKey.None, cluster.Destinations()));
        }
    }
}
