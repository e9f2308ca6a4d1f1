namespace SmtpProxy.Configuration;

/// <summary>The database file of the store <c>Sqlite</c>.</summary>
public sealed record SqliteConfig
{
    /// <summary>The file; relative to the directory of the configuration file. Default <c>smtpproxy.db</c>.</summary>
    public string Path { get; init; } = "smtpproxy.db";

    /// <summary>Operations that wait for the file; one more fails, as all do while the store is away. Default 100000.</summary>
    public int MaxQueuedOperations { get; init; } = 100_000;
}
