using SmtpProxy.Configuration;

namespace SmtpProxy.Model;

/// <summary>A cluster as configured at one moment; immutable, replaced whole on reload.</summary>
/// <param name="Config">What the operator wrote.</param>
/// <param name="Destinations">All destinations, in ordinal order of their identifiers.</param>
public sealed record ClusterModel(ClusterConfig Config, IReadOnlyList<DestinationState> Destinations)
{
    /// <summary>The destination called <paramref name="id"/>, or null.</summary>
    public DestinationState? Find(string? id)
    {
        // By position: this runs for each transaction, and the enumerator of an interface is an object.
        for (var i = 0; i < Destinations.Count; i++)
        {
            if (string.Equals(Destinations[i].Id, id, StringComparison.OrdinalIgnoreCase))
            {
                return Destinations[i];
            }
        }

        return null;
    }
}
