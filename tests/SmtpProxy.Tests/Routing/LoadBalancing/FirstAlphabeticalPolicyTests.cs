using SmtpProxy.Routing.LoadBalancing;
using Xunit;

namespace SmtpProxy.Tests.Routing.LoadBalancing;

public sealed class FirstAlphabeticalPolicyTests
{
    [Theory]
    [InlineData("a", "b", "a", "c")]
    [InlineData("A1", "b", "c", "A1")]
    [InlineData("mta1", "mta2", "mta1", "MTA3")]
    public void Pick_AnyOrder_TakesTheFirstByName(string expected, params string[] destinations)
    {
        var cluster = Clusters.Of(destinations);

        Assert.Equal(expected, new FirstAlphabeticalPolicy().Pick(new LoadBalancingContext(cluster, default, cluster.Destinations())).Id);
    }
}
