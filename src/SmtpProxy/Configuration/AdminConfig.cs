namespace SmtpProxy.Configuration;

/// <summary>The administration port: API, dashboard and metrics.</summary>
public sealed record AdminConfig
{
    /// <summary><c>ip:port</c> as for a listener; null: no administration port. Default null.</summary>
    public string? Address { get; init; }

    /// <summary>File with the token that changes need; null: none; then the address must be loopback. Default null.</summary>
    public string? TokenFile { get; init; }
}
