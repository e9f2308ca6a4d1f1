namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>When a proxy was seen to have taken up the move of a sender.</summary>
/// <param name="Entry">The new entry.</param>
/// <param name="StillOldAt">Timestamp before which the old entry was surely in force.</param>
/// <param name="NewAt">Timestamp from which the new entry was surely in force.</param>
public sealed record PoolMove(PoolEntry Entry, long StillOldAt, long NewAt);
