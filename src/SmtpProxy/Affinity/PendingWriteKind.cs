namespace SmtpProxy.Affinity;

/// <summary>How a write that waits is reconciled with the store.</summary>
internal enum PendingWriteKind
{
    /// <summary>Create the entry if the key is free.</summary>
    Assign,

    /// <summary>Replace the entry of the generation known; create it if the key is free.</summary>
    Move,

    /// <summary>Prolong the entry of the generation known.</summary>
    Renew,
}
