using System.Net.Sockets;
using System.Security.Authentication;

namespace SmtpProxy.Infrastructure;

/// <summary>Tells the ordinary ends of a connection from faults of this program.</summary>
internal static class TransportFault
{
    /// <summary>True for what a peer that closes, resets, vanishes or fails at TLS makes a pipe or socket throw.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException;
}
