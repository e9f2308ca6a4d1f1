namespace SmtpProxy.Configuration;

/// <summary>Names of the policies that choose a destination for a sender without an affinity entry.</summary>
public static class LoadBalancingPolicies
{
    /// <summary>Weighted rendezvous hashing; a destination above 1.25 of its fair share of active transactions is passed over.</summary>
    public const string BoundedRendezvous = nameof(BoundedRendezvous);

    /// <summary>The first destination by name: an order of preference.</summary>
    public const string FirstAlphabetical = nameof(FirstAlphabetical);

    /// <summary>The destination with the fewest active transactions for its weight.</summary>
    public const string LeastTransactions = nameof(LeastTransactions);

    /// <summary>The less busy of two destinations drawn at random.</summary>
    public const string PowerOfTwoChoices = nameof(PowerOfTwoChoices);

    /// <summary>Each destination in turn.</summary>
    public const string RoundRobin = nameof(RoundRobin);

    /// <summary>Every name of this list.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        BoundedRendezvous,
        FirstAlphabetical,
        LeastTransactions,
        PowerOfTwoChoices,
        RoundRobin,
    ];
}
