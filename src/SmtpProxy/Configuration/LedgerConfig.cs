namespace SmtpProxy.Configuration;

/// <summary>The ledger of transactions whose outcome the client may not know.</summary>
public sealed record LedgerConfig
{
    /// <summary>Suppress duplicates. Default false.</summary>
    public bool Enabled { get; init; }

    /// <summary>How long an entry is kept. Default 1 day.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromDays(1);
}
