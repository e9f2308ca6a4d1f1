namespace SmtpProxy.Configuration;

/// <summary>The administration port: API, dashboard and metrics.</summary>
public sealed record AdminConfig
{
    /// <summary><c>ip:port</c> as for a listener. Default null: no administration port.</summary>
    public string? Address { get; init; }

    /// <summary>File with the token that changes need. Default null: none; then the address must be loopback.</summary>
    public string? TokenFile { get; init; }
}
