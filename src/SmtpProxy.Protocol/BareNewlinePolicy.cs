namespace SmtpProxy.Protocol;

/// <summary>What to do with a bare CR or LF in the text of a message (RFC 5321 section 2.3.8).</summary>
public enum BareNewlinePolicy : byte
{
    /// <summary>Not set.</summary>
    None = 0,

    /// <summary>Reject a lone dot beside one, which another server might take as the end.</summary>
    RejectAmbiguousEnd,

    /// <summary>Reject any.</summary>
    Reject,

    /// <summary>Pass them.</summary>
    Pass,
}
