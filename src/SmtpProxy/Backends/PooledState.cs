namespace SmtpProxy.Backends;

/// <summary>Where a session of a pool is.</summary>
internal enum PooledState : byte
{
    /// <summary>Not in a pool.</summary>
    None = 0,

    /// <summary>Lent to a transaction.</summary>
    Leased = 1,

    /// <summary>Being cleared of the transaction that was left on it.</summary>
    Resetting = 2,

    /// <summary>Free.</summary>
    Idle = 3,

    /// <summary>Saying goodbye; still counts as a connection, because the server still counts it.</summary>
    Closing = 4,
}
