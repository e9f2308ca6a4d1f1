using System.Net.Sockets;
using SmtpProxy.Model;

namespace SmtpProxy.Backends;

/// <summary>What a missing reply or a failed connect means for an attempt.</summary>
internal static class FaultClassifier
{
    /// <summary>How an attempt ended whose reply never came whole.</summary>
    public static AttemptResult Classify(ReplyRead read) => read switch
    {
        ReplyRead.Reply => AttemptResult.Answered,
        ReplyRead.Closed => AttemptResult.ConnectionLost,
        ReplyRead.TimedOut => AttemptResult.TimedOut,
        ReplyRead.ProtocolError => AttemptResult.ProtocolError,
        ReplyRead.TooLong => AttemptResult.ReplyTooLong,
        _ => AttemptResult.None,
    };

    /// <summary>How an attempt ended whose connection failed.</summary>
    public static AttemptResult Classify(Exception fault) => fault switch
    {
        TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut } => AttemptResult.TimedOut,
        OperationCanceledException => AttemptResult.Abandoned,
        _ when IsShortage(fault) => AttemptResult.OutOfResources,
        _ => AttemptResult.ConnectionLost,
    };

    /// <summary>The same in words, for the log and for the client.</summary>
    public static string Describe(ReplyRead read) => read switch
    {
        ReplyRead.Closed => "connection closed by the server",
        ReplyRead.TimedOut => "no reply in time",
        ReplyRead.ProtocolError => "malformed reply",
        ReplyRead.TooLong => "reply too long",
        _ => string.Empty,
    };

    /// <summary>The same in words, for the log and for the client.</summary>
    public static string Describe(Exception fault) => fault switch
    {
        _ when IsShortage(fault) => "out of descriptors or memory",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "host name not resolved",
        SocketException { SocketErrorCode: SocketError.NetworkUnreachable or SocketError.HostUnreachable } => "host unreachable",
        TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut } => "connect timed out",
        OperationCanceledException => "given up by the client",
        _ => "connect failed",
    };

    // Not AddressNotAvailable: it is what a host without IPv6 says of a server that has nothing else, and ports run out for one server at a time.
    private static bool IsShortage(Exception fault) => fault is SocketException
    {
        SocketErrorCode: SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable
    };
}
