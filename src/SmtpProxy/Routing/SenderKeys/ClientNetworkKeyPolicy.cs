using System.Net;
using System.Net.Sockets;
using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>The network of the client's address: what one site is mostly given. A pool of senders behind it counts as one.</summary>
internal sealed class ClientNetworkKeyPolicy : ISenderKeyPolicy
{
    private const int BitsOfV4 = 24;
    private const int BitsOfV6 = 64;

    public string Name => SenderKeyPolicies.ClientNetwork;

    public SenderKey GetKey(in SenderKeyContext context) => KeyOf(context.Envelope.Client.RemoteEndPoint.Address);

    public static SenderKey KeyOf(IPAddress address)
    {
        // A dual-mode socket shows IPv4 clients as ::ffff:a.b.c.d.
        var client = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bits = client.AddressFamily == AddressFamily.InterNetwork ? BitsOfV4 : BitsOfV6;
        Span<byte> octets = stackalloc byte[16];
        client.TryWriteBytes(octets, out var length);
        octets[(bits / 8)..length].Clear();
        return new SenderKey(new IPNetwork(new IPAddress(octets[..length]), bits).ToString());
    }
}
