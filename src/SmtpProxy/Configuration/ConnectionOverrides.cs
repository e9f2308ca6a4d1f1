namespace SmtpProxy.Configuration;

/// <summary>What one destination sets differently from <see cref="ConnectionConfig"/>; null: as the cluster has it.</summary>
public sealed record ConnectionOverrides
{
    /// <summary>Instead of <see cref="ConnectionConfig.Identity"/>.</summary>
    public IdentityMode? Identity { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.Tls"/>.</summary>
    public ConnectionTlsMode? Tls { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.CaFile"/>.</summary>
    public string? CaFile { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.ConnectTimeout"/>.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.GreetingTimeout"/>.</summary>
    public TimeSpan? GreetingTimeout { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.HandshakeTimeout"/>.</summary>
    public TimeSpan? HandshakeTimeout { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.CommandTimeout"/>.</summary>
    public TimeSpan? CommandTimeout { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.DataTimeout"/>.</summary>
    public TimeSpan? DataTimeout { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.BodyTimeout"/>.</summary>
    public TimeSpan? BodyTimeout { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.FinalReplyTimeout"/>.</summary>
    public TimeSpan? FinalReplyTimeout { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.MaxConnections"/>.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.QueueTimeout"/>.</summary>
    public TimeSpan? QueueTimeout { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.MaxQueue"/>.</summary>
    public int? MaxQueue { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.PoolSize"/>.</summary>
    public int? PoolSize { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.MinPoolSize"/>.</summary>
    public int? MinPoolSize { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.PoolIdle"/>.</summary>
    public TimeSpan? PoolIdle { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.PoolMaxAge"/>.</summary>
    public TimeSpan? PoolMaxAge { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.MaxTransactions"/>.</summary>
    public int? MaxTransactions { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.MaxAttempts"/>.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.AttemptBudget"/>.</summary>
    public TimeSpan? AttemptBudget { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.MaxReplyLine"/>.</summary>
    public int? MaxReplyLine { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.MaxReply"/>.</summary>
    public int? MaxReply { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.MaxReplyLines"/>.</summary>
    public int? MaxReplyLines { get; init; }

    /// <summary>Instead of <see cref="ConnectionConfig.ReplayLimit"/>.</summary>
    public int? ReplayLimit { get; init; }
}
