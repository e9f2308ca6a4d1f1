using System.Buffers.Binary;
using System.Numerics;

namespace SmtpProxy.Protocol.Tests.ProxyProtocol;

/// <summary>Headers of version 2 octet by octet, right and wrong ones.</summary>
internal static class ProxyHeaders
{
    public const string Signature = "0D0A0D0A000D0A515549540A";

    /// <summary>192.0.2.7:40000 to 192.0.2.25:25.</summary>
    public const string IPv4 = "C0000207C00002199C400019";

    /// <summary>[2001:db8::7]:40000 to [2001:db8::25]:25.</summary>
    public const string IPv6 = "20010DB800000000000000000000000720010DB80000000000000000000000259C400019";

    public static byte[] V2(byte command, byte family, string payload)
    {
        var octets = Convert.FromHexString(payload);
        return [.. Convert.FromHexString(Signature), command, family, (byte)(octets.Length >> 8), (byte)octets.Length, .. octets];
    }

    /// <summary>The same with the checksum as the last of its additional fields.</summary>
    public static byte[] V2WithChecksum(byte family, string payload, uint spoil = 0)
    {
        var octets = V2(0x21, family, payload + "030004" + "00000000");
        var crc = uint.MaxValue;
        foreach (var octet in octets)
        {
            crc = BitOperations.Crc32C(crc, octet);
        }

        BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(^4..), ~crc ^ spoil);
        return octets;
    }
}
