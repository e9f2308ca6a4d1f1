namespace SmtpProxy.Configuration;

/// <summary>Names of the policies for a sender whose destination cannot be used.</summary>
public static class AffinityFailurePolicies
{
    /// <summary>Another destination is chosen.</summary>
    public const string Redistribute = nameof(Redistribute);

    /// <summary>The transaction is deferred with a 451 until the destination is back.</summary>
    public const string Return451 = nameof(Return451);

    /// <summary>Every name of this list.</summary>
    public static IReadOnlyList<string> All { get; } = [Redistribute, Return451];
}
