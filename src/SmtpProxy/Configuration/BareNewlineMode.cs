namespace SmtpProxy.Configuration;

/// <summary>What happens to a body that has a CR or LF which is not part of a CRLF.</summary>
public enum BareNewlineMode
{
    /// <summary>Only a line that some servers would take as the end of the body is refused.</summary>
    RejectAmbiguousEnd,

    /// <summary>Any bare CR or LF is refused.</summary>
    Reject,

    /// <summary>The body passes as it is; only CRLF . CRLF ends it.</summary>
    Pass,
}
