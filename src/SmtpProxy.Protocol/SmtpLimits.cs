namespace SmtpProxy.Protocol;

/// <summary>Sizes that the protocol sets or suggests, and the proxy's own limits where it accepts more. In octets unless stated otherwise.</summary>
public static class SmtpLimits
{
    /// <summary>Default limit of a command line with its CRLF. RFC 5321 section 4.5.3.1.4 demands 512 plus what extensions add.</summary>
    public const int CommandLine = 2_048;

    /// <summary>Limit of a line within an AUTH exchange (RFC 4954 section 4).</summary>
    public const int AuthLine = 12_288;

    /// <summary>Limit of one line of a server's reply. RFC 5321 section 4.5.3.1.5 demands 512.</summary>
    public const int ReplyLine = 2_048;

    /// <summary>Limit of a server's whole reply.</summary>
    public const int Reply = 65_536;

    /// <summary>Limit of the number of lines in one reply.</summary>
    public const int ReplyLines = 256;

    /// <summary>Default limit of recipients in a transaction. RFC 5321 section 4.5.3.1.8 demands 100.</summary>
    public const int Recipients = 1_000;
}
