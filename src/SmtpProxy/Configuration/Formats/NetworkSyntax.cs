using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.Configuration.Formats;

/// <summary>Reads networks: <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>, or a single address.</summary>
internal static class NetworkSyntax
{
    /// <summary>Reads one network.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (text.Contains('/'))
        {
            return IPNetwork.TryParse(text, out network) && HostPort.TryParseAddress(text.AsSpan(0, text.IndexOf('/')), out _);
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
