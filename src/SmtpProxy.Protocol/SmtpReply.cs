using System.Buffers;

namespace SmtpProxy.Protocol;

/// <summary>A server's reply (RFC 5321 section 4.2).</summary>
/// <param name="code">Three-digit code.</param>
/// <param name="enhanced">Enhanced code at the start of the text, or none.</param>
/// <param name="octets">The reply as it came, all lines with their line ends.</param>
/// <param name="hasBareLineEnd">A line ended in LF alone.</param>
public readonly struct SmtpReply(int code, EnhancedStatusCode enhanced, ReadOnlySequence<byte> octets, bool hasBareLineEnd = false)
{
    /// <summary>True when a line ended in LF alone, for which a strict client would wait for ever.</summary>
    public bool HasBareLineEnd { get; } = hasBareLineEnd;

    /// <summary>Three-digit code, 200 to 599.</summary>
    public int Code { get; } = code;

    /// <summary>Enhanced code at the start of the text, or none.</summary>
    public EnhancedStatusCode Enhanced { get; } = enhanced;

    /// <summary>The reply as it came, all lines with their line ends; valid until the reader it came from moves on.</summary>
    public ReadOnlySequence<byte> Octets { get; } = octets;

    /// <summary>True for 2xx.</summary>
    public bool IsPositive => Code is >= 200 and < 300;

    /// <summary>True for 3xx.</summary>
    public bool IsIntermediate => Code is >= 300 and < 400;

    /// <summary>True for 4xx.</summary>
    public bool IsTransient => Code is >= 400 and < 500;

    /// <summary>True for 5xx.</summary>
    public bool IsPermanent => Code is >= 500 and < 600;
}
