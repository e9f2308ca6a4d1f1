using SmtpProxy.Model;

namespace SmtpProxy.Sessions;

/// <summary>Names the ways in which a server can fail to answer.</summary>
internal static class Faults
{
    public static AttemptResult Result(ReplyRead read) => read switch
    {
        ReplyRead.TimedOut => AttemptResult.TimedOut,
        ReplyRead.ProtocolError => AttemptResult.ProtocolError,
        ReplyRead.TooLong => AttemptResult.ReplyTooLong,
        _ => AttemptResult.ConnectionLost,
    };
}
