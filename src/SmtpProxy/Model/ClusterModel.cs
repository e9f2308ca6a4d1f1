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
        foreach (var destination in Destinations)
        {
            if (string.Equals(destination.Id, id, StringComparison.OrdinalIgnoreCase))
            {
                return destination;
            }
        }

        return null;
    }
}
