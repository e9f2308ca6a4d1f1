using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Routing.LoadBalancing;

namespace SmtpProxy.Routing;

/// <summary>Says where a transaction goes next: first where its sender's entry points, then as the policy picks among those that the
/// route admits and that are not known to lack something the transaction needs.</summary>
internal sealed class CandidateSelector(TimeProvider time)
{
    /// <summary>Finds the next destination, or says why there is none.</summary>
    public CandidateStatus Select(in CandidateRequest request, out DestinationState? destination)
    {
        destination = request.Match.Cluster.Find(request.Entry?.Destination);
        if (destination is not null)
        {
            if (!IsTried(request, destination) && DestinationEligibility.Of(request, destination) == CandidateStatus.Found)
            {
                return CandidateStatus.Found;
            }

            if (IsBound(request.Match.Cluster.Config.SessionAffinity))
            {
                destination = null;
                return DestinationEligibility.OfAll(request);
            }
        }

        destination = SelectFromPool(request);
        return destination is null ? DestinationEligibility.OfAll(request) : CandidateStatus.Found;
    }

    private static bool IsBound(SessionAffinityConfig affinity) =>
        string.Equals(affinity.FailurePolicy, AffinityFailurePolicies.Return451, StringComparison.OrdinalIgnoreCase);

    private DestinationState? SelectFromPool(in CandidateRequest request)
    {
        var destinations = request.Match.Cluster.Destinations;
        var room = default(DestinationBuffer);
        Span<DestinationState> buffer = destinations.Count <= DestinationBuffer.Length ? room : new DestinationState[destinations.Count];
        var best = CandidateTier.None;
        var count = 0;
        for (var i = 0; i < destinations.Count; i++)
        {
            var tier = TierOf(request, destinations[i]);
            if (tier == CandidateTier.None || (best != CandidateTier.None && tier > best))
            {
                continue;
            }

            // A better tier displaces what was gathered so far.
            count = tier == best ? count : 0;
            best = tier;
            buffer[count++] = destinations[i];
        }

        return count switch
        {
            0 => null,
            1 => buffer[0],
            _ => Pick(request, buffer[..count]),
        };
    }

    private CandidateTier TierOf(in CandidateRequest request, DestinationState destination)
    {
        if (IsTried(request, destination) || DestinationEligibility.Of(request, destination) != CandidateStatus.Found)
        {
            return CandidateTier.None;
        }

        if (request.Entry is { AvoidedDestination: not null } entry && entry.Avoids(destination.Id, time.GetUtcNow()))
        {
            return CandidateTier.Avoided;
        }

        return destination.Model.Config.Weight > 0 ? CandidateTier.Regular : CandidateTier.Reserve;
    }

    private static bool IsTried(in CandidateRequest request, DestinationState destination)
    {
        for (var i = 0; i < request.Tried.Count; i++)
        {
            if (ReferenceEquals(request.Tried[i], destination))
            {
                return true;
            }
        }

        return false;
    }

    private static DestinationState Pick(in CandidateRequest request, ReadOnlySpan<DestinationState> available)
    {
        var route = request.Match.Route;
        var policy = route.Policy;
        var picked = policy.Pick(new LoadBalancingContext(route.Cluster, request.Match.Key, available) { IsStoreAway = request.IsStoreAway });

        // A policy that a user of the library brought must not lead a transaction to where its route forbids.
        return available.Contains(picked)
            ? picked
            : throw new InvalidOperationException($"Load balancing policy '{policy.Name}' picked '{picked}', which was not offered.");
    }
}
