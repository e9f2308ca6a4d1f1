using SmtpProxy.Configuration.Schema.Kinds;

namespace SmtpProxy.Configuration.Schema.Tables;

/// <summary>Keys of <c>SmtpProxy:Clusters:*:Connection</c> and of what a destination overrides of it.</summary>
internal static class ConnectionKeys
{
    /// <summary>Keys of <see cref="ConnectionConfig"/>.</summary>
    public static ConfigSchema<ConnectionConfig> Connection { get; } = new ConfigSchema<ConnectionConfig>()
        .Value(x => x.Identity, Kind.Choice<IdentityMode>(), "How servers learn who the client is.")
        .Value(x => x.Tls, Kind.Choice<ConnectionTlsMode>(), "TLS towards servers.")
        .Value(x => x.CaFile, Kind.InputFile,
            "PEM file of the authorities that may sign a server's certificate under `Verify`; null: those of the system.")
        .Value(x => x.ConnectTimeout, Kind.Timeout, "How long connecting may take.")
        .Value(x => x.GreetingTimeout, Kind.Timeout, "How long a server may take to greet and to answer EHLO.")
        .Value(x => x.HandshakeTimeout, Kind.Timeout, "How long a server may take to answer STARTTLS, and then to shake hands.")
        .Value(x => x.CommandTimeout, Kind.Timeout, "How long the replies to MAIL and RCPT may take.")
        .Value(x => x.DataTimeout, Kind.Timeout, "How long the reply to DATA may take.")
        .Value(x => x.BodyTimeout, Kind.Timeout, "How long a server may take no byte of a body.")
        .Value(x => x.FinalReplyTimeout, Kind.Timeout, "How long the reply to the final dot may take.")
        .Value(x => x.MaxConnections, Kind.Number(1, 1_000_000), "Connections to one destination at a time.")
        .Value(x => x.QueueTimeout, Kind.Wait, "How long a transaction waits for a free connection.")
        .Value(x => x.MaxQueue, Kind.Number(0, 1_000_000), "Transactions that may wait for a connection to one destination; the next one goes elsewhere.")
        .Value(x => x.PoolSize, Kind.Number(0, 1_000_000), "Idle connections kept for each destination; 0: a connection each.")
        .Value(x => x.MinPoolSize, Kind.Number(0, 1_000_000),
            "Connections kept open to each destination, also without mail; 0: opened when mail comes.")
        .Value(x => x.PoolIdle, Kind.Timeout, "How long an idle connection beyond `MinPoolSize` is kept.")
        .Value(x => x.PoolMaxAge, Kind.Timeout, "Age at which a connection is not used again.")
        .Value(x => x.MaxTransactions, Kind.Number(1, 1_000_000), "Transactions on one connection.")
        .Value(x => x.MaxAttempts, Kind.Number(1, 100), "Servers tried for one transaction.")
        .Value(x => x.AttemptBudget, Kind.Timeout, "How long another server is tried for one transaction.")
        .Value(x => x.MaxReplyLine, Kind.Number(512, 65_536), "Bytes of one line of a reply; a server that sends a longer one has failed.")
        .Value(x => x.MaxReply, Kind.Number(512, 1_048_576), "Bytes of a whole reply.")
        .Value(x => x.MaxReplyLines, Kind.Number(1, 10_000), "Lines of one reply.")
        .Value(x => x.ReplayLimit, Kind.Number(0, 1_073_741_824),
            "Bytes of a body that are kept so that it can be sent again elsewhere; 0: none.");

    /// <summary>Keys of <see cref="ConnectionOverrides"/>: those of <see cref="ConnectionConfig"/> once more.</summary>
    public static ConfigSchema<ConnectionOverrides> Overrides { get; } = Connection.Keys.OfType<ValueKey>()
        .Aggregate(new ConfigSchema<ConnectionOverrides>(), (schema, key) => schema.Override(key));
}
