namespace SmtpProxy.Configuration;

/// <summary>How the proxy ends.</summary>
public sealed record ShutdownConfig
{
    /// <summary>How long running transactions may take to finish. Default 30 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
