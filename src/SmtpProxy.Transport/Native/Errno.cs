using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SmtpProxy.Transport.Native;

/// <summary>Error numbers, the same on x64 and arm64, and what .NET calls them.</summary>
internal static class Errno
{
    public const int Interrupted = 4;
    public const int Again = 11;
    public const int OutOfMemory = 12;
    public const int Invalid = 22;
    public const int BadDescriptor = 9;
    public const int TooManyFilesInSystem = 23;
    public const int TooManyFiles = 24;
    public const int BrokenPipe = 32;
    public const int ConnectionReset = 104;
    public const int NoBuffers = 105;
    public const int InProgress = 115;

    /// <summary>The error of the call made last on this thread.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>True when the process or the system has no descriptor or memory left.</summary>
    public static bool IsExhaustion(int error) => error is TooManyFiles or TooManyFilesInSystem or NoBuffers or OutOfMemory;

    public static SocketException ToException(int error) => new((int)ToSocketError(error));

    private static SocketError ToSocketError(int error) => error switch
    {
        1 or 13 => SocketError.AccessDenied,
        Interrupted => SocketError.Interrupted,
        Again => SocketError.WouldBlock,
        Invalid => SocketError.InvalidArgument,
        TooManyFiles or TooManyFilesInSystem => SocketError.TooManyOpenSockets,
        BrokenPipe => SocketError.Shutdown,
        97 => SocketError.AddressFamilyNotSupported,
        98 => SocketError.AddressAlreadyInUse,
        99 => SocketError.AddressNotAvailable,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        103 => SocketError.ConnectionAborted,
        ConnectionReset => SocketError.ConnectionReset,
        NoBuffers or OutOfMemory => SocketError.NoBufferSpaceAvailable,
        106 => SocketError.IsConnected,
        107 => SocketError.NotConnected,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        InProgress => SocketError.InProgress,
        _ => SocketError.SocketError,
    };
}
