namespace SmtpProxy.Configuration;

/// <summary>AUTH of clients.</summary>
public sealed record AuthConfig
{
    /// <summary>What is done with AUTH. Default <c>Off</c>.</summary>
    public AuthMode Mode { get; init; } = AuthMode.Off;

    /// <summary>Take credentials in clear; false: 538. Default false.</summary>
    public bool AllowWithoutTls { get; init; }
}
