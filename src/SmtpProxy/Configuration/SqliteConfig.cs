namespace SmtpProxy.Configuration;

/// <summary>The database file of the store <c>Sqlite</c>.</summary>
public sealed record SqliteConfig
{
    /// <summary>The file; relative to the directory of the configuration file. Default <c>smtpproxy.db</c>.</summary>
    public string Path { get; init; } = "smtpproxy.db";
}
