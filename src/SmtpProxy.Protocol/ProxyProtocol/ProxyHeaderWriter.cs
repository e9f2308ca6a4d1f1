using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.Protocol.ProxyProtocol;

/// <summary>Writes the header that tells a server who is behind a connection. Addresses are always named: never UNKNOWN, never UNSPEC.</summary>
/// <remarks>
/// A header has one address family. IPv4-mapped addresses count as IPv4; when one address is IPv4 and the other IPv6, both are written as
/// IPv6, the IPv4 one mapped (<c>::ffff:192.0.2.1</c>). Scopes are left out: they mean nothing to another host.
/// </remarks>
public static class ProxyHeaderWriter
{
    /// <summary>Writes the line of version 1, for a TCP connection.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="source">The client.</param>
    /// <param name="destination">The address that the client connected to.</param>
    public static void WriteV1(IBufferWriter<byte> output, IPEndPoint source, IPEndPoint destination)
    {
        ArgumentNullException.ThrowIfNull(output);
        var (from, to) = InOneFamily(source, destination);
        var line = output.GetSpan(ProxyHeader.MaxV1Length);
        var used = Put(line, 0, from.AddressFamily == AddressFamily.InterNetwork ? "PROXY TCP4 "u8 : "PROXY TCP6 "u8);
        used += Put(line, used, from);
        used += Put(line, used, " "u8);
        used += Put(line, used, to);
        used += Put(line, used, " "u8);
        used += Put(line, used, source.Port);
        used += Put(line, used, " "u8);
        used += Put(line, used, destination.Port);
        used += Put(line, used, "\r\n"u8);
        output.Advance(used);
    }

    /// <summary>Writes a header of version 2, command PROXY, for a TCP connection; without additional fields.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="source">The client.</param>
    /// <param name="destination">The address that the client connected to.</param>
    public static void WriteV2(IBufferWriter<byte> output, IPEndPoint source, IPEndPoint destination)
    {
        ArgumentNullException.ThrowIfNull(output);
        var (from, to) = InOneFamily(source, destination);
        var isIPv4 = from.AddressFamily == AddressFamily.InterNetwork;
        var size = isIPv4 ? 4 : 16;
        var body = (2 * size) + 4;
        var header = output.GetSpan(ProxyHeader.V2FixedLength + body);
        WriteFixed(header, isLocal: false, isIPv4 ? (byte)0x11 : (byte)0x21, body);
        var rest = header[ProxyHeader.V2FixedLength..];
        from.TryWriteBytes(rest, out _);
        to.TryWriteBytes(rest[size..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(rest[(2 * size)..], (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(rest[((2 * size) + 2)..], (ushort)destination.Port);
        output.Advance(ProxyHeader.V2FixedLength + body);
    }

    /// <summary>Writes a header of version 2, command LOCAL: the connection is the proxy's own, as that of a health check.</summary>
    /// <param name="output">Where it goes.</param>
    public static void WriteV2Local(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        WriteFixed(output.GetSpan(ProxyHeader.V2FixedLength), isLocal: true, 0x00, 0);
        output.Advance(ProxyHeader.V2FixedLength);
    }

    private static void WriteFixed(Span<byte> header, bool isLocal, byte familyAndTransport, int length)
    {
        ProxyHeader.V2Signature.CopyTo(header);
        header[12] = isLocal ? (byte)0x20 : (byte)0x21;
        header[13] = familyAndTransport;
        BinaryPrimitives.WriteUInt16BigEndian(header[14..], (ushort)length);
    }

    private static (IPAddress From, IPAddress To) InOneFamily(IPEndPoint source, IPEndPoint destination)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        return IsIPv4(source.Address) && IsIPv4(destination.Address)
            ? (source.Address.MapToIPv4(), destination.Address.MapToIPv4())
            : (ToIPv6(source.Address), ToIPv6(destination.Address));
    }

    private static bool IsIPv4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;

    // Made anew from its octets, an address has no scope.
    private static IPAddress ToIPv6(IPAddress address) => new(address.MapToIPv6().GetAddressBytes());

    private static int Put(Span<byte> line, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(line[at..]);
        return text.Length;
    }

    private static int Put(Span<byte> line, int at, IPAddress address) => address.TryFormat(line[at..], out var length) ? length : 0;

    private static int Put(Span<byte> line, int at, int port) => Utf8Formatter.TryFormat(port, line[at..], out var length) ? length : 0;
}
