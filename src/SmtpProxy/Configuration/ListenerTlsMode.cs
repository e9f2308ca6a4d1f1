namespace SmtpProxy.Configuration;

/// <summary>How a listener offers TLS.</summary>
public enum ListenerTlsMode
{
    /// <summary>No TLS.</summary>
    None,

    /// <summary>In clear first, then upgraded by STARTTLS.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Implicit,
}
