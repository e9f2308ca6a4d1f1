using System.Text.Json.Nodes;

namespace SmtpProxy.Fuzz.Sessions;

/// <summary>One way to set up the proxy and the server behind it.</summary>
/// <param name="Kind">What the listener does beside relaying mail.</param>
/// <param name="BareNewline">The listener's policy.</param>
/// <param name="HasPipelining">The server offers PIPELINING; else the proxy goes in lock-step.</param>
internal sealed record SessionVariant(SessionKind Kind, string BareNewline, bool HasPipelining)
{
    public const string Mechanisms = "AUTH PLAIN LOGIN X-TALK";
    public const string Pass = "Pass";
    private const string Ambiguous = "RejectAmbiguousEnd";

    /// <summary>The listener's settings.</summary>
    public string Listener => Kind switch
    {
        SessionKind.Proxied => $$"""{ "BareNewline": "{{BareNewline}}", "ProxyProtocol": { "Mode": "Required", "TrustedNetworks": ["127.0.0.0/8"] } }""",
        SessionKind.Auth => $$"""
            { "BareNewline": "{{BareNewline}}", "Auth": { "Mode": "Relay", "AllowWithoutTls": true }, "Capabilities": ["8BITMIME", "SMTPUTF8", "DSN", "{{Mechanisms}}"] }
            """,
        SessionKind.Splice => $$"""{ "BareNewline": "{{BareNewline}}", "RelayMode": "Session" }""",
        _ => $$"""{ "BareNewline": "{{BareNewline}}" }""",
    };

    public static IReadOnlyList<SessionVariant> Of(SessionKind kind) => kind == SessionKind.Plain
        ? [new(kind, Ambiguous, true), new(kind, Ambiguous, false), new(kind, "Reject", true), new(kind, Pass, true)]
        : [new(kind, Ambiguous, true), new(kind, "Reject", false)];

    public JsonObject NewListener() => JsonNode.Parse(Listener)!.AsObject();
}
