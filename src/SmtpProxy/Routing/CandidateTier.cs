namespace SmtpProxy.Routing;

/// <summary>Destinations of one tier are asked only when no better tier has any left.</summary>
internal enum CandidateTier : byte
{
    /// <summary>Cannot serve the transaction.</summary>
    None = 0,

    /// <summary>Those that take new senders.</summary>
    Regular = 1,

    /// <summary>Weight 0: in reserve.</summary>
    Reserve = 2,

    /// <summary>The one that this sender was moved away from.</summary>
    Avoided = 3,
}
