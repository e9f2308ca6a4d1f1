using System.Buffers.Binary;
using System.Net;
using System.Numerics;

namespace SmtpProxy.Protocol.ProxyProtocol;

/// <summary>Reads a header of version 2.</summary>
internal static class ProxyV2Reader
{
    private const int CommandAt = 12;
    private const int FamilyAt = 13;
    private const int LengthAt = 14;
    private const byte Local = 0x20;
    private const byte Proxy = 0x21;
    private const byte Unspecified = 0x00;
    private const byte Crc32CType = 0x03;
    private const int TypeAndLength = 3;
    private const int Crc32CLength = 4;

    /// <summary>Reads the first sixteen octets, or what of them is there, in their order: what is wrong is wrong however much follows.</summary>
    /// <param name="octets">The beginning of the header; its signature, as far as it is there, is right.</param>
    /// <param name="maxLength">Most octets behind the fixed part.</param>
    /// <param name="length">Length of the whole header; only with <see cref="ProxyHeaderStatus.Ok"/>.</param>
    public static ProxyHeaderStatus ReadFixed(ReadOnlySpan<byte> octets, int maxLength, out int length)
    {
        length = 0;
        if (octets.Length > CommandAt && octets[CommandAt] is not (Local or Proxy))
        {
            return ProxyHeaderStatus.Malformed;
        }

        if (octets.Length > FamilyAt && octets[CommandAt] == Proxy && AddressLength(octets[FamilyAt]) < 0)
        {
            return ProxyHeaderStatus.Malformed;
        }

        if (octets.Length < ProxyHeader.V2FixedLength)
        {
            return ProxyHeaderStatus.NeedMore;
        }

        var rest = BinaryPrimitives.ReadUInt16BigEndian(octets[LengthAt..]);
        if (rest > maxLength)
        {
            return ProxyHeaderStatus.TooLong;
        }

        if (octets[CommandAt] == Proxy && rest < AddressLength(octets[FamilyAt]))
        {
            return ProxyHeaderStatus.Malformed;
        }

        length = ProxyHeader.V2FixedLength + rest;
        return ProxyHeaderStatus.Ok;
    }

    /// <summary>Reads a whole header whose fixed part is right.</summary>
    public static ProxyHeaderStatus Read(ReadOnlySpan<byte> octets, out ProxyHeader header)
    {
        header = new ProxyHeader(2, IsLocal: true, null, null);
        var family = octets[FamilyAt];
        if (octets[CommandAt] == Local || family == Unspecified)
        {
            // Nobody is named, and the rest is to be thrown away unread.
            return ProxyHeaderStatus.Ok;
        }

        var addresses = octets[ProxyHeader.V2FixedLength..][..AddressLength(family)];
        if (!AreFieldsRight(octets, ProxyHeader.V2FixedLength + addresses.Length))
        {
            header = default;
            return ProxyHeaderStatus.Malformed;
        }

        if (family >> 4 is 1 or 2)
        {
            var size = family >> 4 == 1 ? 4 : 16;
            header = new ProxyHeader(
                2, IsLocal: false, EndPoint(addresses[..size], addresses[(2 * size)..]), EndPoint(addresses[size..][..size], addresses[((2 * size) + 2)..]));
        }

        return ProxyHeaderStatus.Ok;
    }

    private static IPEndPoint EndPoint(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) =>
        new(new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(port));

    /// <summary>Octets that the addresses of a family take; negative for what the format does not know.</summary>
    private static int AddressLength(byte familyAndTransport) => familyAndTransport switch
    {
        Unspecified => 0,
        0x11 or 0x12 => 12,
        0x21 or 0x22 => 36,
        0x31 or 0x32 => 216,
        _ => -1,
    };

    /// <summary>True when the additional fields fill the header exactly, and its checksum, if there is one, is right.</summary>
    private static bool AreFieldsRight(ReadOnlySpan<byte> octets, int at)
    {
        var checksumAt = -1;
        while (at < octets.Length)
        {
            if (octets.Length - at < TypeAndLength)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(octets[(at + 1)..]);
            var value = at + TypeAndLength;
            if (octets.Length - value < length)
            {
                return false;
            }

            if (octets[at] == Crc32CType)
            {
                if (length != Crc32CLength || checksumAt >= 0)
                {
                    return false;
                }

                checksumAt = value;
            }

            at = value + length;
        }

        return checksumAt < 0 || BinaryPrimitives.ReadUInt32BigEndian(octets[checksumAt..]) == Crc32C(octets, checksumAt);
    }

    /// <summary>The checksum of the header, its own four octets counted as zero.</summary>
    private static uint Crc32C(ReadOnlySpan<byte> octets, int checksumAt)
    {
        var crc = uint.MaxValue;
        for (var i = 0; i < octets.Length; i++)
        {
            crc = BitOperations.Crc32C(crc, i >= checksumAt && i < checksumAt + Crc32CLength ? (byte)0 : octets[i]);
        }

        return ~crc;
    }
}
