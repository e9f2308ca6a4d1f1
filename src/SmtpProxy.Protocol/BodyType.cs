namespace SmtpProxy.Protocol;

/// <summary>The BODY parameter of MAIL (RFC 6152, RFC 3030).</summary>
public enum BodyType : byte
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>7BIT.</summary>
    SevenBit,

    /// <summary>8BITMIME.</summary>
    EightBitMime,

    /// <summary>BINARYMIME.</summary>
    BinaryMime,
}
