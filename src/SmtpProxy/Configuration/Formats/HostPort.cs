using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.Configuration.Formats;

/// <summary>A host, by name or address, and a port.</summary>
/// <param name="Host">The name or the address, an IPv6 address without its brackets.</param>
/// <param name="Port">The port.</param>
internal readonly record struct HostPort(string Host, int Port)
{
    /// <summary>The port of SMTP.</summary>
    public const int SmtpPort = 25;

    /// <summary>The host as an address; null when it is a name.</summary>
    public IPAddress? Address => TryParseAddress(Host, out var address) ? address : null;

    /// <summary>Reads <c>host:port</c>, <c>host</c>, <c>[ipv6]:port</c> or <c>[ipv6]</c>.</summary>
    public static bool TryParse(string text, int defaultPort, out HostPort result)
    {
        result = default;
        var colon = text.LastIndexOf(':');
        var hasPort = colon >= 0 && colon > text.LastIndexOf(']');
        var host = hasPort ? text[..colon] : text;
        var port = defaultPort;
        if (hasPort && !TryParsePort(text.AsSpan(colon + 1), out port))
        {
            return false;
        }

        if (host is ['[', .. var inner, ']'])
        {
            result = new HostPort(inner, port);
            return TryParseAddress(inner, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
        }

        result = new HostPort(host, port);
        return HostnameSyntax.IsValid(host) && (TryParseAddress(host, out _) || !LooksLikeAddress(host));
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>Reads an address in its usual form; <c>1</c> and <c>127.1</c>, which the platform takes as IPv4, are none.</summary>
    public static bool TryParseAddress(ReadOnlySpan<char> text, out IPAddress address)
    {
        var parsed = IPAddress.TryParse(text, out var found)
            && (found.AddressFamily == AddressFamily.InterNetworkV6 || text.Count('.') == 3);
        address = parsed ? found! : IPAddress.None;
        return parsed;
    }

    private static bool TryParsePort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 0 and <= IPEndPoint.MaxPort;

    // A name whose last label is a number is a mistyped address, never a name.
    private static bool LooksLikeAddress(string host) => host.AsSpan(host.LastIndexOf('.') + 1).IndexOfAnyExceptInRange('0', '9') < 0;
}
