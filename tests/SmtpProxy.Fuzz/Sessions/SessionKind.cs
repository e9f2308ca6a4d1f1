namespace SmtpProxy.Fuzz.Sessions;

/// <summary>What a listener does beside relaying mail.</summary>
internal enum SessionKind
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>Wants a PROXY header.</summary>
    Proxied,

    /// <summary>Relays logins.</summary>
    Auth,

    /// <summary>Passes sessions on whole.</summary>
    Splice,
}
