using SmtpProxy.Model;

namespace SmtpProxy.Backends;

/// <summary>Why a pool gives no session although the server was not asked.</summary>
internal static class PoolRefusal
{
    public static LeaseResult QueueFull { get; } =
        LeaseResult.Failed(TransactionStage.Queue, AttemptResult.QueueTimedOut, "too many transactions wait for a connection");

    public static LeaseResult Stopped { get; } = LeaseResult.Failed(TransactionStage.Queue, AttemptResult.Abandoned, "shutting down");

    private static LeaseResult TimedOut { get; } =
        LeaseResult.Failed(TransactionStage.Queue, AttemptResult.QueueTimedOut, "no connection became free in time");

    public static LeaseResult GivenUp { get; } =
        LeaseResult.Failed(TransactionStage.Queue, AttemptResult.Abandoned, "given up by the client");

    public static LeaseResult After(Exception end) => end is TimeoutException ? TimedOut : GivenUp;
}
