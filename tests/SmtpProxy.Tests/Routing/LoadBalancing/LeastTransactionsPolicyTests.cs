using SmtpProxy.Model;
using SmtpProxy.Routing.LoadBalancing;
using Xunit;

namespace SmtpProxy.Tests.Routing.LoadBalancing;

public sealed class LeastTransactionsPolicyTests
{
    [Theory]
    [InlineData(new[] { "a", "b", "c" }, new[] { 2, 1, 3 }, "b")]
    [InlineData(new[] { "a:1", "b:10", "c:1" }, new[] { 1, 5, 1 }, "b")]
    [InlineData(new[] { "a:2", "b:1", "c:1" }, new[] { 3, 1, 2 }, "b")]
    [InlineData(new[] { "a:0", "b:0" }, new[] { 0, 1 }, "a")]
    public void Pick_SomeAreBusy_TakesTheLeastForItsWeight(string[] destinations, int[] inFlight, string expected)
    {
        var cluster = Clusters.Of(destinations);
        foreach (var (destination, transactions) in cluster.Destinations().Zip(inFlight))
        {
            destination.Busy(transactions);
        }

        Assert.Equal(expected, Pick(cluster).Id);
    }

    [Fact]
    public void Pick_AllIdle_TakesTurns()
    {
        var cluster = Clusters.Of("a", "b", "c");

        var counts = Enumerable.Range(0, 300).CountBy(_ => Pick(cluster).Id).ToDictionary();

        Assert.All(["a", "b", "c"], id => Assert.Equal(100, counts[id]));
    }

    private static DestinationState Pick(ClusterState cluster) =>
        new LeastTransactionsPolicy().Pick(new LoadBalancingContext(cluster, SenderKey.None, cluster.Destinations()));
}
