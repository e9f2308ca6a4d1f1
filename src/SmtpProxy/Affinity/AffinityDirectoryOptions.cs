using Prometheus;
using SmtpProxy.Configuration;

namespace SmtpProxy.Affinity;

/// <summary>What an <see cref="AffinityDirectory"/> is made from besides its store.</summary>
internal sealed record AffinityDirectoryOptions
{
    /// <summary>The form of sender keys in the store and in memory.</summary>
    public required ISenderKeyHasher Hasher { get; init; }

    /// <summary>The present affinity settings of a cluster; null for an unknown one.</summary>
    public required Func<string, SessionAffinityConfig?> Settings { get; init; }

    /// <summary>Where metrics are published.</summary>
    public required CollectorRegistry Registry { get; init; }

    /// <summary>Entries held in memory.</summary>
    public int MaxEntries { get; init; } = 1_000_000;

    /// <summary>How long one store call may take.</summary>
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Keys whose writes may wait while the store is away.</summary>
    public int MaxQueuedWrites { get; init; } = 100_000;

    /// <summary>Random numbers from 0 to 1 for back-offs.</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;
}
