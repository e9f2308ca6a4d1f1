using System.Net;

namespace SmtpProxy.Protocol.ProxyProtocol;

/// <summary>What a PROXY header says (HAProxy's proxy-protocol.txt, versions 1 and 2).</summary>
/// <param name="Version">1 or 2.</param>
/// <param name="IsLocal">
/// True when the sender names nobody: LOCAL, UNKNOWN, or a family that has no IP addresses. The addresses of the connection count then.
/// </param>
/// <param name="Source">The client; null when <paramref name="IsLocal"/>.</param>
/// <param name="Destination">The address that the client connected to; null when <paramref name="IsLocal"/>.</param>
public readonly record struct ProxyHeader(int Version, bool IsLocal, IPEndPoint? Source, IPEndPoint? Destination)
{
    /// <summary>Longest line of version 1, with its CRLF.</summary>
    public const int MaxV1Length = 107;

    /// <summary>Octets of a header of version 2 before its addresses.</summary>
    public const int V2FixedLength = 16;

    /// <summary>Default limit of what follows these. The format allows 65,535; addresses and the fields in use need a few hundred.</summary>
    public const int DefaultMaxV2Length = 4_096;

    /// <summary>The beginning of version 1.</summary>
    public static ReadOnlySpan<byte> V1Signature => "PROXY "u8;

    /// <summary>The beginning of version 2.</summary>
    public static ReadOnlySpan<byte> V2Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];
}
