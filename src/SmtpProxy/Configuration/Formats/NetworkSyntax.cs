using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.Configuration.Formats;

/// <summary>Reads networks: <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>, or a single address.</summary>
internal static class NetworkSyntax
{
    /// <summary>Reads one network. One of IPv4 addresses written as IPv6, <c>::ffff:10.0.0.0/104</c>, is the IPv4 network: addresses of clients are
    /// compared in that form.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        var parsed = TryParseAsWritten(text, out network);
        if (parsed && network.BaseAddress.IsIPv4MappedToIPv6)
        {
            network = new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - 96);
        }

        return parsed;
    }

    private static bool TryParseAsWritten(string text, out IPNetwork network)
    {
        if (text.Contains('/'))
        {
            // IPv4 addresses and others of IPv6 together are no network that could have been meant.
            return IPNetwork.TryParse(text, out network)
                && HostPort.TryParseAddress(text.AsSpan(0, text.IndexOf('/')), out var written)
                && written.IsIPv4MappedToIPv6 == network.BaseAddress.IsIPv4MappedToIPv6;
        }

        network = default;
        if (!HostPort.TryParseAddress(text, out var address))
        {
            return false;
        }

        network = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }
}
