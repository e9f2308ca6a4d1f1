namespace SmtpProxy.Routing;

/// <summary>What the search for the next destination gave.</summary>
internal enum CandidateStatus : byte
{
    /// <summary>Not searched.</summary>
    None = 0,

    /// <summary>There is one.</summary>
    Found = 1,

    /// <summary>All that would do have been tried, or the sender may use no other now.</summary>
    NoneLeft = 2,

    /// <summary>The labels that the route demands leave nothing: <c>451 4.7.1</c>.</summary>
    ConstraintUnmet = 3,

    /// <summary>Every destination is known to lack an extension that the transaction needs: <c>555 5.5.4</c>.</summary>
    ExtensionUnmet = 4,

    /// <summary>The message is above the limit of every destination: <c>552 5.3.4</c>.</summary>
    SizeExceeded = 5,
}
