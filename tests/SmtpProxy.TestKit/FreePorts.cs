using System.Net;
using System.Net.Sockets;

namespace SmtpProxy.TestKit;

/// <summary>Loopback ports for programs that must be told their port before they start.</summary>
public static class FreePorts
{
    // Below the range from which the kernel numbers outgoing connections (32768 on), so that no connection
    // made between the check and the use can take the port.
    private const int First = 12_000;
    private const int Count = 20_000;

    // Test processes that run side by side start at different places of the range.
    private static int _last = (int)((uint)Environment.ProcessId * 7919 % Count);

    /// <summary>A port that nobody on loopback uses; this process is not given it again soon.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException("No free port on loopback.");
    }

    /// <summary>An end point on 127.0.0.1 with a free port.</summary>
    public static IPEndPoint NextEndPoint() => new(IPAddress.Loopback, Next());

    private static bool IsFree(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // The wildcard also collides with listeners on a single address. Two bound sockets may share a port until one
            // listens, so the probe listens.
            probe.Bind(new IPEndPoint(IPAddress.Any, port));
            probe.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
