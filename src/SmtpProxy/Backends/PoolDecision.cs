namespace SmtpProxy.Backends;

/// <summary>What a pool does with a request for a session. Exactly one of the first four is set.</summary>
/// <param name="Session">A kept session to look at.</param>
/// <param name="MayConnect">A connection may be opened; it is counted already.</param>
/// <param name="Waiter">The request was queued.</param>
/// <param name="Reset">The session that the request should have is being cleared; ask again when this ends.</param>
/// <param name="Refusal">There is nothing and will be nothing.</param>
/// <param name="Evicted">A kept session that is of no use to the queue and is closed for it.</param>
internal readonly record struct PoolDecision(
    PooledSession? Session = null,
    bool MayConnect = false,
    PoolWaiter? Waiter = null,
    Task? Reset = null,
    LeaseResult? Refusal = null,
    PooledSession? Evicted = null);
