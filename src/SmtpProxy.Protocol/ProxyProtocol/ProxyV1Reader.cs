using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmtpProxy.Protocol.ProxyProtocol;

/// <summary>Reads the line of version 1: exactly as it is specified, because whoever reads it differently sees another client.</summary>
internal static class ProxyV1Reader
{
    private const int LongestAddress = 45;

    private static readonly SearchValues<byte> InIPv6 = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Reads a header from octets that begin like one; at most the first <see cref="ProxyHeader.MaxV1Length"/> are given.</summary>
    public static ProxyHeaderStatus Read(ReadOnlySpan<byte> octets, out ProxyHeader header, out int length)
    {
        header = default;
        length = 0;
        var end = octets.IndexOf((byte)'\n');
        if (end < 0)
        {
            return octets.Length < ProxyHeader.MaxV1Length ? ProxyHeaderStatus.NeedMore : ProxyHeaderStatus.TooLong;
        }

        var line = octets[ProxyHeader.V1Signature.Length..end];
        if (line.IsEmpty || line[^1] != (byte)'\r' || !TryRead(line[..^1], out header))
        {
            header = default;
            return ProxyHeaderStatus.Malformed;
        }

        length = end + 1;
        return ProxyHeaderStatus.Ok;
    }

    private static bool TryRead(ReadOnlySpan<byte> text, out ProxyHeader header)
    {
        header = new ProxyHeader(1, IsLocal: true, null, null);
        if (text.StartsWith("UNKNOWN"u8))
        {
            // What else the line says has no meaning.
            return (text.Length == 7 || text[7] == (byte)' ') && !text.Contains((byte)'\r');
        }

        var isIPv4 = text.StartsWith("TCP4 "u8);
        if (!isIPv4 && !text.StartsWith("TCP6 "u8))
        {
            return false;
        }

        text = text[5..];
        if (!TryReadAddress(Next(ref text), isIPv4, out var source) || !TryReadAddress(Next(ref text), isIPv4, out var destination)
            || !TryReadPort(Next(ref text), out var sourcePort) || !TryReadPort(text, out var destinationPort))
        {
            return false;
        }

        header = new ProxyHeader(1, IsLocal: false, new IPEndPoint(source, sourcePort), new IPEndPoint(destination, destinationPort));
        return true;
    }

    /// <summary>What stands before the next blank, which is taken too.</summary>
    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)' ');
        var word = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(end + 1)..];
        return word;
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> word, bool isIPv4, out IPAddress address)
    {
        address = IPAddress.None;
        return isIPv4 ? TryReadIPv4(word, out address) : TryReadIPv6(word, out address);
    }

    private static bool TryReadIPv4(ReadOnlySpan<byte> word, out IPAddress address)
    {
        address = IPAddress.None;
        Span<byte> octets = stackalloc byte[4];
        for (var i = 0; i < octets.Length; i++)
        {
            var end = i < octets.Length - 1 ? word.IndexOf((byte)'.') : word.Length;
            if (end < 0 || !TryReadNumber(word[..end], byte.MaxValue, out var number))
            {
                return false;
            }

            octets[i] = (byte)number;
            word = i < octets.Length - 1 ? word[(end + 1)..] : [];
        }

        address = new IPAddress(octets);
        return true;
    }

    private static bool TryReadIPv6(ReadOnlySpan<byte> word, out IPAddress address)
    {
        address = IPAddress.None;

        // The library also takes scopes, brackets, ports and prefixes, and more than one notation behind the last colon.
        if (word.Length > LongestAddress || word.ContainsAnyExcept(InIPv6)
            || (word.Contains((byte)'.') && !TryReadIPv4(word[(word.LastIndexOf((byte)':') + 1)..], out _)))
        {
            return false;
        }

        Span<char> text = stackalloc char[LongestAddress];
        text = text[..Encoding.ASCII.GetChars(word, text)];
        if (!IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        address = parsed;
        return true;
    }

    private static bool TryReadPort(ReadOnlySpan<byte> word, out int port) => TryReadNumber(word, ushort.MaxValue, out port);

    /// <summary>A decimal number with no sign, blank or leading zero.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> word, int limit, out int number)
    {
        number = 0;
        if (word.Length is 0 or > 5 || word.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (word.Length > 1 && word[0] == (byte)'0'))
        {
            return false;
        }

        foreach (var digit in word)
        {
            number = (number * 10) + digit - '0';
        }

        return number <= limit;
    }
}
