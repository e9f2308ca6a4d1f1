namespace SmtpProxy.Configuration;

/// <summary>How much of a client's dialogue the proxy takes part in.</summary>
public enum RelayMode
{
    /// <summary>Every transaction is routed, pooled and failed over on its own.</summary>
    Transaction,

    /// <summary>After the first MAIL both streams are spliced until the connection ends.</summary>
    Session,
}
