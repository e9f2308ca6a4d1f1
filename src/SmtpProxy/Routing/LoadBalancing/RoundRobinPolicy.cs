using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Routing.LoadBalancing;

/// <summary>Each destination in turn, as often as its weight says. With unequal weights the turns are interleaved: a step near the golden
/// ratio that shares no factor with the sum of weights visits each position once a round and never lingers in one place.</summary>
internal sealed class RoundRobinPolicy : ILoadBalancingPolicy
{
    private const double GoldenRatio = 0.618;

    public string Name => LoadBalancingPolicies.RoundRobin;

    public DestinationState Pick(in LoadBalancingContext context)
    {
        var available = context.Available;
        var turn = context.Cluster.NextTurn();
        if (HaveEqualWeights(available))
        {
            return available[(int)(turn % (uint)available.Length)];
        }

        var total = DestinationLoad.TotalWeight(available);
        return available[DestinationLoad.IndexAt(available, turn % total * Step(total) % total)];
    }

    private static bool HaveEqualWeights(ReadOnlySpan<DestinationState> available)
    {
        var weight = DestinationLoad.Weight(available[0]);
        foreach (var destination in available[1..])
        {
            if (DestinationLoad.Weight(destination) != weight)
            {
                return false;
            }
        }

        return true;
    }

    private static long Step(long total)
    {
        var step = Math.Max((long)(total * GoldenRatio), 1);
        while (HaveCommonFactor(step, total))
        {
            step--;
        }

        return step;
    }

    private static bool HaveCommonFactor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a > 1;
    }
}
