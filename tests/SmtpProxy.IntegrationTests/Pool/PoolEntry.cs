namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>An affinity entry as the admin API shows it.</summary>
public sealed record PoolEntry(
    string Sender, string Destination, string Reason, DateTimeOffset AssignedAt, DateTimeOffset ExpiresAt, long Generation);
