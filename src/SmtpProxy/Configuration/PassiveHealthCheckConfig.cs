namespace SmtpProxy.Configuration;

/// <summary>Judging destinations by what they answer to real mail.</summary>
public sealed record PassiveHealthCheckConfig
{
    /// <summary>Take destinations out whose failures pass a rate. Default false.</summary>
    public bool Enabled { get; init; }
}
