using System.Net;
using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>A client's address as it is logged.</summary>
internal static class ClientAddress
{
    /// <summary>The address; IPv4 as such also when it came through a socket for both families.</summary>
    public static IPAddress Of(ClientIdentity client)
    {
        var address = client.RemoteEndPoint.Address;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
