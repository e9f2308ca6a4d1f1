namespace SmtpProxy.Protocol;

/// <summary>Whether the argument of AUTH can be used.</summary>
public enum AuthStatus
{
    /// <summary>Not read.</summary>
    None = 0,

    /// <summary>It can.</summary>
    Ok,

    /// <summary>No name of a mechanism: 501 5.5.4.</summary>
    BadMechanism,

    /// <summary>A mechanism that must fail, or worse, through a relay: 504 5.5.4.</summary>
    NotRelayable,

    /// <summary>The initial response is not base64: 501 5.5.2.</summary>
    BadResponse,
}
