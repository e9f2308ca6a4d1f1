using System.Net.Sockets;

namespace SmtpProxy.Infrastructure;

/// <summary>Tells the ordinary ends of a connection from faults of this program.</summary>
internal static class TransportFault
{
    /// <summary>True for what a peer that closes, resets or vanishes makes a pipe or socket throw.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException;
}
