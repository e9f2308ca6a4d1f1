using System.Net;

namespace SmtpProxy.Configuration;

/// <summary>One address that clients connect to.</summary>
public sealed record ListenerConfig
{
    /// <summary><c>ip:port</c>, <c>[ipv6]:port</c>, <c>*:port</c> or <c>localhost:port</c>. Required.</summary>
    public string Address { get; init; } = string.Empty;

    /// <summary>The name in the greeting, in the reply to EHLO and in EHLO to servers. Default: the name of this host.</summary>
    public string Hostname { get; init; } = Dns.GetHostName();

    /// <summary>How much of the dialogue the proxy takes part in. Default <c>Transaction</c>.</summary>
    public RelayMode RelayMode { get; init; } = RelayMode.Transaction;

    /// <summary>Accept addresses without angle brackets. Default true.</summary>
    public bool Lenient { get; init; } = true;

    /// <summary>EHLO lines to announce instead of what the servers offer; null: what every server offers. Default null.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>What happens to bare CR and LF in a body. Default <c>RejectAmbiguousEnd</c>.</summary>
    public BareNewlineMode BareNewline { get; init; } = BareNewlineMode.RejectAmbiguousEnd;

    /// <summary>Refuse clients that speak before the greeting; false: answered in order. Default false.</summary>
    public bool RejectEarlyTalkers { get; init; }

    /// <summary>How long the greeting is held back to see whether a client speaks before it; only with <c>RejectEarlyTalkers</c>.</summary>
    public TimeSpan GreetingDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a client may be silent between commands, and how long a reply may wait to be taken. Default 5 min.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a client may be silent within a body. Default 3 min.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Bounds on what clients may ask for.</summary>
    public LimitsConfig Limits { get; init; } = new();

    /// <summary>TLS towards clients.</summary>
    public ListenerTlsConfig Tls { get; init; } = new();

    /// <summary>PROXY headers in front of client connections.</summary>
    public ProxyProtocolConfig ProxyProtocol { get; init; } = new();

    /// <summary>AUTH of clients.</summary>
    public AuthConfig Auth { get; init; } = new();
}
