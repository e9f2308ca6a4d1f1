namespace SmtpProxy.Model;

/// <summary>Why an affinity entry points where it does. The values are written to shared stores.</summary>
public enum AffinityReason : byte
{
    /// <summary>Not set.</summary>
    None = 0,

    /// <summary>Chosen by the load balancing policy for a new sender.</summary>
    Assigned = 1,

    /// <summary>Moved because the former destination failed.</summary>
    Rerouted = 2,

    /// <summary>Set by an operator.</summary>
    Pinned = 3,

    /// <summary>Moved to even out the load.</summary>
    Rebalanced = 4,
}
