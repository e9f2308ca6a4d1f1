namespace SmtpProxy.Fuzz.Sessions;

/// <summary>One way to set up the proxy and the server behind it.</summary>
/// <param name="BareNewline">The listener's policy.</param>
/// <param name="HasPipelining">The server offers PIPELINING; else the proxy goes in lock-step.</param>
internal sealed record SessionVariant(string BareNewline, bool HasPipelining)
{
    public const string Pass = "Pass";

    public static IReadOnlyList<SessionVariant> All { get; } =
        [new("RejectAmbiguousEnd", true), new("RejectAmbiguousEnd", false), new("Reject", true), new(Pass, true)];
}
