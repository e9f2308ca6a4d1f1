using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Routing;

/// <summary>What a transaction needs of its next destination.</summary>
internal readonly record struct CandidateRequest
{
    /// <summary>What routing said of the transaction.</summary>
    public required RouteMatch Match { get; init; }

    /// <summary>The affinity entry in force, or null.</summary>
    public AffinityEntry? Entry { get; init; }

    /// <summary>True when the store could not be asked for the entry.</summary>
    public bool IsStoreAway { get; init; }

    /// <summary>Extensions that the destination must offer.</summary>
    public SmtpExtensions Required { get; init; }

    /// <summary>Octets of the message as announced; 0 or less when unknown.</summary>
    public long Size { get; init; }

    /// <summary>Destinations that are not asked again; by identity, so that a reload in between does not matter.</summary>
    public required IReadOnlyList<DestinationState> Tried { get; init; }
}
