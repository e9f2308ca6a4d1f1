using SmtpProxy.Configuration;
using SmtpProxy.Routing.LoadBalancing;
using Xunit;

namespace SmtpProxy.Tests.Routing.LoadBalancing;

public sealed class LoadBalancingPolicySetTests
{
    [Fact]
    public void Get_EveryConfigurableName_IsThere()
    {
        var set = new LoadBalancingPolicySet(BuiltIn.LoadBalancing);

        Assert.All(LoadBalancingPolicies.All, name => Assert.Equal(name, set.Get(name).Name));
    }

    [Fact]
    public void Get_OtherCase_IsTheSame() =>
        Assert.IsType<RoundRobinPolicy>(new LoadBalancingPolicySet(BuiltIn.LoadBalancing).Get("roundrobin"));

    [Fact]
    public void Get_Unknown_NamesTheKnown()
    {
        var set = new LoadBalancingPolicySet([new RoundRobinPolicy()]);

        var error = Assert.Throws<InvalidOperationException>(() => set.Get("Best"));

        Assert.Equal("No load balancing policy is called 'Best'; known: RoundRobin.", error.Message);
    }

    [Fact]
    public void Constructor_TwoOfOneName_Throws() =>
        Assert.Throws<ArgumentException>(() => new LoadBalancingPolicySet([new RoundRobinPolicy(), new RoundRobinPolicy()]));
}
