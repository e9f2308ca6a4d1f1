using Prometheus;
using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>Counts how often each limit was hit: those of sessions as they are told, those towards servers from the outcome records.</summary>
internal sealed class LimitMetrics : ITransactionObserver
{
    private readonly Counter.Child[] _hits;

    public LimitMetrics(IMetricFactory metrics)
    {
        var counter = metrics.CreateCounter("smtpproxy_limit_hits_total", "How often a limit of the configuration was hit.", ["limit"]);
        _hits = [.. Enum.GetValues<LimitKind>().Select(kind => counter.WithLabels(EnumLabels<LimitKind>.Of(kind)))];
    }

    /// <summary>A session hit a limit.</summary>
    public void Hit(LimitKind limit) => _hits[(int)limit].Inc();

    /// <inheritdoc/>
    public void OnCompleted(TransactionRecord record)
    {
        foreach (var attempt in record.Attempts)
        {
            if (Of(attempt) is var limit and not LimitKind.None)
            {
                Hit(limit);
            }
        }
    }

    private static LimitKind Of(AttemptRecord attempt) => attempt.Result switch
    {
        AttemptResult.QueueTimedOut => LimitKind.ServerQueue,
        AttemptResult.ReplyTooLong => LimitKind.ServerMaxReply,
        AttemptResult.TimedOut => OfTimeout(attempt.Stage),
        _ => LimitKind.None,
    };

    private static LimitKind OfTimeout(TransactionStage stage) => stage switch
    {
        TransactionStage.Connect => LimitKind.ServerConnectTimeout,
        TransactionStage.Tls => LimitKind.ServerHandshakeTimeout,
        TransactionStage.Mail or TransactionStage.Rcpt or TransactionStage.Reset => LimitKind.ServerCommandTimeout,
        TransactionStage.Data => LimitKind.ServerDataTimeout,
        TransactionStage.Body => LimitKind.ServerBodyTimeout,
        TransactionStage.FinalReply => LimitKind.ServerFinalReplyTimeout,
        _ => LimitKind.ServerGreetingTimeout,
    };
}
