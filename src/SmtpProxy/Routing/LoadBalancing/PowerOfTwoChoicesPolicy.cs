using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Routing.LoadBalancing;

/// <summary>The less busy of two destinations drawn at random by weight: nearly as even as asking all, without the herd that follows
/// when several proxies all see the same least busy one.</summary>
internal sealed class PowerOfTwoChoicesPolicy(Func<Random> random) : ILoadBalancingPolicy
{
    public string Name => LoadBalancingPolicies.PowerOfTwoChoices;

    public DestinationState Pick(in LoadBalancingContext context)
    {
        var available = context.Available;
        var dice = random();
        var total = DestinationLoad.TotalWeight(available);
        var first = DestinationLoad.IndexAt(available, dice.NextInt64(total));
        var second = DrawOther(available, first, total, dice);
        return DestinationLoad.IsLower(available[second], available[first]) ? available[second] : available[first];
    }

    private static int DrawOther(ReadOnlySpan<DestinationState> available, int first, long total, Random dice)
    {
        var before = available[..first];
        var point = dice.NextInt64(Math.Max(total - DestinationLoad.Weight(available[first]), 1));
        var weightBefore = DestinationLoad.TotalWeight(before);
        if (point < weightBefore)
        {
            return DestinationLoad.IndexAt(before, point);
        }

        var after = available[(first + 1)..];
        return after.IsEmpty ? first - 1 : first + 1 + DestinationLoad.IndexAt(after, point - weightBefore);
    }
}
