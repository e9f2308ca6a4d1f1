namespace SmtpProxy.Configuration;

/// <summary>What a listener does with AUTH.</summary>
public enum AuthMode
{
    /// <summary>AUTH is not offered.</summary>
    Off,

    /// <summary>AUTH is relayed to a server; the session is then bound to it.</summary>
    Relay,
}
