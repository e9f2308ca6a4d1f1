using SmtpProxy.Model;

namespace SmtpProxy.Routing;

/// <summary>Whether a destination may and can serve a transaction. What is unknown counts as fit: the server will say.</summary>
internal static class DestinationEligibility
{
    /// <summary>Found, or what is in the way.</summary>
    public static CandidateStatus Of(in CandidateRequest request, DestinationState destination)
    {
        if (!LabelConstraints.Admit(request.Match.Route.Config.Constraints, destination.Model.Config))
        {
            return CandidateStatus.ConstraintUnmet;
        }

        if (destination.Capabilities is not { } capabilities)
        {
            return CandidateStatus.Found;
        }

        if (!capabilities.Has(request.Required))
        {
            return CandidateStatus.ExtensionUnmet;
        }

        return capabilities.SizeLimit > 0 && request.Size > capabilities.SizeLimit ? CandidateStatus.SizeExceeded : CandidateStatus.Found;
    }

    /// <summary>Why nothing is left. A permanent refusal only when no destination at all could take the message, tried or not.</summary>
    public static CandidateStatus OfAll(in CandidateRequest request)
    {
        var all = CandidateStatus.ConstraintUnmet;
        foreach (var destination in request.Match.Cluster.Destinations)
        {
            switch (Of(request, destination))
            {
                case CandidateStatus.Found:
                    return CandidateStatus.NoneLeft;

                // Size is in the way of those that do have the extensions, so it is what the client can do something about.
                case CandidateStatus.SizeExceeded:
                    all = CandidateStatus.SizeExceeded;
                    break;
                case CandidateStatus.ExtensionUnmet when all == CandidateStatus.ConstraintUnmet:
                    all = CandidateStatus.ExtensionUnmet;
                    break;
            }
        }

        return all;
    }
}
