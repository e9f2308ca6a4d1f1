namespace SmtpProxy.Configuration;

/// <summary>How it is found out which destinations work.</summary>
public sealed record HealthCheckConfig
{
    /// <summary>Probes.</summary>
    public ActiveHealthCheckConfig Active { get; init; } = new();

    /// <summary>Judging by what servers answer to real mail.</summary>
    public PassiveHealthCheckConfig Passive { get; init; } = new();
}
