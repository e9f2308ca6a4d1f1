using SmtpProxy.Configuration.Schema.Kinds;

namespace SmtpProxy.Configuration.Schema.Tables;

/// <summary>Keys of <c>SmtpProxy:Listeners</c>.</summary>
internal static class ListenerKeys
{
    /// <summary>Keys of <see cref="LimitsConfig"/>.</summary>
    public static ConfigSchema<LimitsConfig> Limits { get; } = new ConfigSchema<LimitsConfig>()
        .Value(x => x.MaxConnections, Kind.Number(1, 1_000_000),
            "Connections at a time; the next is answered 421, or closed without it with `Implicit` as `Tls:Mode`: it could be said only after a handshake, "
            + "which an overload cannot afford.")
        .Value(x => x.MaxConnectionsPerClient, Kind.Number(1, 1_000_000),
            "Connections at a time from one client address; the next is answered 421, or closed without it with `Implicit` as `Tls:Mode`.")
        .Value(x => x.MaxErrors, Kind.Number(1, 10_000), "Errors of one session after which it is ended with 421.")
        .Value(x => x.MaxCommandLine, Kind.Number(512, 65_536), "Bytes of a command line with its CRLF; a longer one is answered 500.")
        .Value(x => x.MaxAuthLine, Kind.Number(512, 65_536),
            "Bytes of AUTH and of each line of its exchange, with the CRLF; a longer one is answered 500.")
        .Value(x => x.MaxRecipients, Kind.Number(1, 1_000_000), "Recipients of one transaction; the next is answered 452.")
        .Value(x => x.MaxPipelinedCommands, Kind.Number(1, 100_000), "Commands that are handled as one group.")
        .Value(x => x.MaxSplicedCommands, Kind.Number(1, 100_000),
            "Commands of a session relayed whole (`RelayMode`) that wait for replies; with more of them the proxy follows it no longer.");

    /// <summary>Keys of <see cref="CertificateConfig"/>.</summary>
    public static ConfigSchema<CertificateConfig> Certificate { get; } = new ConfigSchema<CertificateConfig>()
        .Required(x => x.Certificate, Kind.InputFile,
            "File of a certificate chain, PEM, for clients that name a host which the certificate holds (SNI).")
        .Value(x => x.Key, Kind.InputFile, "File of the private key, PEM; null: it is in the certificate file.");

    /// <summary>Keys of <see cref="ListenerTlsConfig"/>.</summary>
    public static ConfigSchema<ListenerTlsConfig> ListenerTls { get; } = new ConfigSchema<ListenerTlsConfig>()
        .Value(x => x.Mode, Kind.Choice<ListenerTlsMode>(), "How TLS is offered.")
        .Value(x => x.Certificate, Kind.InputFile, "File of the certificate chain, PEM. Needed unless `Mode` is `None`.")
        .Value(x => x.Key, Kind.InputFile, "File of the private key, PEM; null: it is in the certificate file.")
        .Value(x => x.RequireTls, Kind.Switch, "Answer 530 to mail in clear.")
        .Value(x => x.HandshakeTimeout, Kind.Timeout, "How long a handshake may take.")
        .Map(x => x.Certificates, Certificate);

    /// <summary>Keys of <see cref="ProxyProtocolConfig"/>.</summary>
    public static ConfigSchema<ProxyProtocolConfig> ProxyProtocol { get; } = new ConfigSchema<ProxyProtocolConfig>()
        .Value(x => x.Mode, Kind.Choice<ProxyProtocolMode>(), "Whether a header is expected.")
        .Value(x => x.TrustedNetworks, Kind.List(Kind.Network),
            "Networks, as `10.0.0.0/8`, whose headers are believed. Needed unless `Mode` is `Off`.")
        .Value(x => x.HeaderTimeout, Kind.Timeout, "How long the header may take; without it the connection is closed.");

    /// <summary>Keys of <see cref="AuthConfig"/>.</summary>
    public static ConfigSchema<AuthConfig> Auth { get; } = new ConfigSchema<AuthConfig>()
        .Value(x => x.Mode, Kind.Choice<AuthMode>(), "What is done with AUTH.")
        .Value(x => x.AllowWithoutTls, Kind.Switch, "Take credentials in clear; false: 538.");

    /// <summary>Keys of <see cref="ListenerConfig"/>.</summary>
    public static ConfigSchema<ListenerConfig> Listener { get; } = new ConfigSchema<ListenerConfig>()
        .Required(x => x.Address, Kind.ListenAddress, "`ip:port`, `[ipv6]:port`, `*:port` or `localhost:port`.")
        .Value(x => x.Hostname, Kind.Hostname,
            "The name in the greeting, in the reply to EHLO and in EHLO to servers.")
        .Value(x => x.RelayMode, Kind.Choice<RelayMode>(), "How much of the dialogue the proxy takes part in.")
        .Value(x => x.Lenient, Kind.Switch, "Accept addresses without angle brackets.")
        .Value(x => x.Capabilities, Kind.List(Kind.Capability),
            "EHLO lines to announce instead of what the servers offer; null: what every server offers.")
        .Value(x => x.BareNewline, Kind.Choice<BareNewlineMode>(), "What happens to bare CR and LF in a body.")
        .Value(x => x.RejectEarlyTalkers, Kind.Switch, "Refuse clients that speak before the greeting; false: answered in order.")
        .Value(x => x.GreetingDelay, Kind.Timeout,
            "How long the greeting is held back to see whether a client speaks before it; only with `RejectEarlyTalkers`.")
        .Value(x => x.CommandTimeout, Kind.Timeout,
            "How long a client may be silent between commands, and how long a reply may wait to be taken.")
        .Value(x => x.BodyTimeout, Kind.Timeout, "How long a client may be silent within a body.")
        .Section(x => x.Limits, Limits)
        .Section(x => x.Tls, ListenerTls)
        .Section(x => x.ProxyProtocol, ProxyProtocol)
        .Section(x => x.Auth, Auth);
}
