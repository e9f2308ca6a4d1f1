using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Routing.LoadBalancing;

/// <summary>Weighted rendezvous hashing of the sender key with bounded loads: proxies agree without talking, and no destination goes
/// above 1.25 of its fair share of the active transactions; the next best takes what is above. While the store is away the key alone decides:
/// each proxy knows its own transactions only.</summary>
internal sealed class BoundedRendezvousPolicy(Func<Random> random) : ILoadBalancingPolicy
{
    // 1.25 as a fraction: the bound is reckoned in whole transactions.
    private const long BoundNumerator = 5;
    private const long BoundDenominator = 4;

    private readonly PowerOfTwoChoicesPolicy _keyless = new(random);

    public string Name => LoadBalancingPolicies.BoundedRendezvous;

    public DestinationState Pick(in LoadBalancingContext context) =>
        context.Key.Value is { } key ? PickByKey(key, context.Available, isBounded: !context.IsStoreAway) : _keyless.Pick(context);

    private static DestinationState PickByKey(string key, ReadOnlySpan<DestinationState> available, bool isBounded)
    {
        var hash = RendezvousHash.OfKey(key);
        var totalWeight = DestinationLoad.TotalWeight(available);
        var transactions = CountTransactions(available) + 1;
        DestinationState? best = null;
        DestinationState? bestWithin = null;
        var bestScore = double.NegativeInfinity;
        var bestScoreWithin = double.NegativeInfinity;
        foreach (var destination in available)
        {
            var weight = DestinationLoad.Weight(destination);
            var score = RendezvousHash.Score(hash, RendezvousHash.OfId(destination.Id), weight);
            if (score > bestScore)
            {
                (best, bestScore) = (destination, score);
            }

            if (score > bestScoreWithin && destination.InFlight < Bound(transactions, weight, totalWeight))
            {
                (bestWithin, bestScoreWithin) = (destination, score);
            }
        }

        // Rounded up, the bounds add up to more than there are transactions, so one is always within; but the counters move while we look.
        return (isBounded ? bestWithin : null) ?? best!;
    }

    private static long CountTransactions(ReadOnlySpan<DestinationState> available)
    {
        var count = 0L;
        foreach (var destination in available)
        {
            count += destination.InFlight;
        }

        return count;
    }

    private static long Bound(long transactions, int weight, long totalWeight)
    {
        var divisor = BoundDenominator * totalWeight;
        return ((BoundNumerator * transactions * weight) + divisor - 1) / divisor;
    }
}
