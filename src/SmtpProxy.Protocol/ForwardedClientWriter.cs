using System.Buffers;
using System.Net;

namespace SmtpProxy.Protocol;

/// <summary>Writes XCLIENT and XFORWARD: each value in xtext, and as many commands as it takes to keep each line short.</summary>
public static class ForwardedClientWriter
{
    /// <summary>Octets of a value before its encoding; servers take no more.</summary>
    private const int MaxValue = 255;

    private static ReadOnlySpan<byte> Unavailable => "[UNAVAILABLE]"u8;

    /// <summary>Writes XCLIENT; returns the number of commands.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="offered">What the server listed; nothing else is sent.</param>
    /// <param name="client">The client.</param>
    /// <remarks>The address comes last: a server trusts the proxy's address, and takes no further command once it was replaced. What is not known is
    /// said to be unknown, because the server would otherwise go on with what it knows of the proxy.</remarks>
    public static int WriteXClient(IBufferWriter<byte> output, ClientAttributes offered, ForwardedClient client)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(client);
        var lines = new AttributeLines(output, "XCLIENT"u8, stackalloc byte[AttributeLines.MaxLine]);
        Text(ref lines, offered & ClientAttributes.Login, "LOGIN"u8, client.Login);
        Text(ref lines, offered & ClientAttributes.Name, "NAME"u8, null);
        Text(ref lines, offered & ClientAttributes.ReverseName, "REVERSE_NAME"u8, null);
        Address(ref lines, offered & ClientAttributes.DestinationAddress, "DESTADDR"u8, client.LocalEndPoint.Address);
        Port(ref lines, offered & ClientAttributes.DestinationPort, "DESTPORT"u8, client.LocalEndPoint.Port);
        Text(ref lines, offered & ClientAttributes.Protocol, "PROTO"u8, client.IsEsmtp ? "ESMTP" : "SMTP");
        Text(ref lines, offered & ClientAttributes.Helo, "HELO"u8, client.Helo);
        Port(ref lines, offered & ClientAttributes.Port, "PORT"u8, client.RemoteEndPoint.Port);
        Address(ref lines, offered & ClientAttributes.Address, "ADDR"u8, client.RemoteEndPoint.Address);
        return lines.End();
    }

    /// <summary>Writes XFORWARD; returns the number of commands.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="offered">What the server listed; nothing else is sent.</param>
    /// <param name="client">The client.</param>
    public static int WriteXForward(IBufferWriter<byte> output, ClientAttributes offered, ForwardedClient client)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(client);
        var lines = new AttributeLines(output, "XFORWARD"u8, stackalloc byte[AttributeLines.MaxLine]);
        Text(ref lines, offered & ClientAttributes.Name, "NAME"u8, null);
        Address(ref lines, offered & ClientAttributes.Address, "ADDR"u8, client.RemoteEndPoint.Address);
        Port(ref lines, offered & ClientAttributes.Port, "PORT"u8, client.RemoteEndPoint.Port);
        Text(ref lines, offered & ClientAttributes.Protocol, "PROTO"u8, client.IsEsmtp ? "ESMTP" : "SMTP");
        Text(ref lines, offered & ClientAttributes.Helo, "HELO"u8, client.Helo);
        Text(ref lines, offered & ClientAttributes.Ident, "IDENT"u8, client.Ident);
        Text(ref lines, offered & ClientAttributes.Source, "SOURCE"u8, "REMOTE");
        return lines.End();
    }

    /// <summary>Writes the client's own name as an argument of EHLO: octets that could not stand there become question marks, as Postfix has it.
    /// False when there is no name.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="client">The client.</param>
    public static bool TryWriteName(IBufferWriter<byte> output, ForwardedClient client)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(client);
        Span<byte> name = stackalloc byte[MaxValue];
        var length = Octets(client.Helo, name);
        foreach (ref var octet in name[..length])
        {
            octet = octet is < (byte)'!' or > (byte)'~' or (byte)'=' ? (byte)'?' : octet;
        }

        output.Write(name[..length]);
        return length > 0;
    }

    private static void Text(ref AttributeLines lines, ClientAttributes wanted, ReadOnlySpan<byte> name, string? value)
    {
        if (wanted == ClientAttributes.None)
        {
            return;
        }

        Span<byte> octets = stackalloc byte[MaxValue];
        Span<byte> encoded = stackalloc byte[AttributeLines.MaxValue];
        var length = Octets(value, octets);
        lines.Add(name, length == 0 ? Unavailable : encoded[..Xtext.Encode(octets[..length], encoded)]);
    }

    private static void Address(ref AttributeLines lines, ClientAttributes wanted, ReadOnlySpan<byte> name, IPAddress address)
    {
        if (wanted == ClientAttributes.None)
        {
            return;
        }

        // Without the scope, which means nothing elsewhere.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
        Span<byte> value = stackalloc byte[64];
        var prefix = plain.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "IPV6:"u8 : default;
        prefix.CopyTo(value);
        plain.TryFormat(value[prefix.Length..], out var length);
        lines.Add(name, value[..(prefix.Length + length)]);
    }

    private static void Port(ref AttributeLines lines, ClientAttributes wanted, ReadOnlySpan<byte> name, int port)
    {
        if (wanted != ClientAttributes.None)
        {
            Span<byte> value = stackalloc byte[8];
            System.Buffers.Text.Utf8Formatter.TryFormat(port, value, out var length);
            lines.Add(name, value[..length]);
        }
    }

    // As many octets as fit; a name that long is nobody's.
    private static int Octets(string? text, Span<byte> octets)
    {
        System.Text.Unicode.Utf8.FromUtf16(text, octets, out _, out var length, replaceInvalidSequences: true, isFinalBlock: true);
        return length;
    }
}
