using SmtpProxy.Model;

namespace SmtpProxy.Routing.LoadBalancing;

/// <summary>Weight and load of a destination as the policies compare them.</summary>
internal static class DestinationLoad
{
    /// <summary>The configured weight. Where only destinations of weight 0 are left, all count alike.</summary>
    public static int Weight(DestinationState destination) => Math.Max(destination.Model.Config.Weight, 1);

    public static long TotalWeight(ReadOnlySpan<DestinationState> destinations)
    {
        var total = 0L;
        foreach (var destination in destinations)
        {
            total += Weight(destination);
        }

        return total;
    }

    /// <summary>True when <paramref name="a"/> has fewer active transactions for its weight than <paramref name="b"/>.</summary>
    public static bool IsLower(DestinationState a, DestinationState b) =>
        (long)a.InFlight * Weight(b) < (long)b.InFlight * Weight(a);

    /// <summary>The destination that holds position <paramref name="point"/> when each takes as many positions as its weight says.</summary>
    public static int IndexAt(ReadOnlySpan<DestinationState> destinations, long point)
    {
        for (var i = 0; i < destinations.Length; i++)
        {
            point -= Weight(destinations[i]);
            if (point < 0)
            {
                return i;
            }
        }

        // A weight changed by a reload between summing up and looking up.
        return destinations.Length - 1;
    }
}
