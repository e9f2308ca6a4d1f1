using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.Host.Demo;

/// <summary>Finds a loopback port that nobody uses.</summary>
internal static class FreePort
{
    public static IPEndPoint Find()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return (IPEndPoint)probe.LocalEndpoint;
    }
}
