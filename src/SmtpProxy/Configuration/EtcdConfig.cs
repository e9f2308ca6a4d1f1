namespace SmtpProxy.Configuration;

/// <summary>The etcd cluster that proxies share their entries through.</summary>
public sealed record EtcdConfig
{
    /// <summary>URLs of its members: <c>http://127.0.0.1:2379</c>. Needed for the store <c>Etcd</c>.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>What all keys begin with. Default <c>/smtpproxy/v1</c>.</summary>
    public string Prefix { get; init; } = "/smtpproxy/v1";

    /// <summary>User; null: no login. Default null.</summary>
    public string? Username { get; init; }

    /// <summary>File with the password of the user, in its first line.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>PEM file of the authorities that may sign the server's certificate; null: those of the system. Default null.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file of the client certificate; null: none. Default null.</summary>
    public string? CertFile { get; init; }

    /// <summary>PEM file of the key of the client certificate.</summary>
    public string? KeyFile { get; init; }

    /// <summary>How long one call may take. Default 2 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);
}
