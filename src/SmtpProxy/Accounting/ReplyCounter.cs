using System.Collections.Concurrent;
using Prometheus;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Accounting;

/// <summary>The counter of servers' replies: those to a transaction, told when it has ended, and those to logins. Its labels come from servers, so it keeps a bound on the number of series.</summary>
internal sealed class ReplyCounter
{
    private const int MaxEnhanced = 200;
    private const int MaxSeries = 10_000;

    private readonly Counter _counter;
    private readonly ReplyLabels _labels = new(MaxEnhanced);
    private readonly ConcurrentDictionary<Kind, Counter.Child> _children = new();
    private int _series;

    public ReplyCounter(IMetricFactory metrics) => _counter = metrics.CreateCounter(
        "smtpproxy_replies_total", "Replies of servers.", ["destination", "stage", "code", "enhanced"]);

    /// <summary>Counts <paramref name="replies"/>.</summary>
    public void Add(in ReplyCount replies)
    {
        var kind = new Kind(replies.Destination, replies.Stage, replies.Code, replies.Enhanced);
        if (!_children.TryGetValue(kind, out var child))
        {
            child = Create(kind);
        }

        child.Inc(replies.Count);
    }

    private Counter.Child Create(Kind kind)
    {
        var stage = EnumLabels<TransactionStage>.Of(kind.Stage);
        if (Volatile.Read(ref _series) >= MaxSeries)
        {
            return _counter.WithLabels(kind.Destination, stage, ReplyLabels.Other, ReplyLabels.Other);
        }

        var child = _counter.WithLabels(kind.Destination, stage, ReplyLabels.Code(kind.Code), _labels.Enhanced(kind.Enhanced));
        if (_children.TryAdd(kind, child))
        {
            Interlocked.Increment(ref _series);
        }

        return child;
    }

    private readonly record struct Kind(string Destination, TransactionStage Stage, int Code, EnhancedStatusCode Enhanced);
}
