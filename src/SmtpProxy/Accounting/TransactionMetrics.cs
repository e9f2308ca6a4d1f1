using System.Collections.Concurrent;
using Prometheus;
using SmtpProxy.Model;

namespace SmtpProxy.Accounting;

/// <summary>Counts transactions, servers' replies and failovers. No sender and no recipient is ever a label.</summary>
internal sealed class TransactionMetrics : ITransactionObserver
{
    /// <summary>Label value where there is no cluster or no destination.</summary>
    private const string Nobody = "none";

    private static readonly TimeSpan ExemplarInterval = TimeSpan.FromSeconds(1);
    private static readonly Exemplar.LabelKey ExemplarKey = Exemplar.Key("txn");

    private readonly TimeProvider _time;
    private readonly Counter _transactions;
    private readonly Counter _failovers;
    private readonly Histogram _duration;
    private readonly Histogram _attempts;
    private readonly ReplyCounter _replies;
    private readonly ConcurrentDictionary<(string Cluster, string Destination, TransactionOutcome Outcome), Counter.Child> _byOutcome = new();
    private readonly ConcurrentDictionary<(string Cluster, TransactionStage Stage), Counter.Child> _byFailover = new();
    private long _nextExemplar;

    public TransactionMetrics(IMetricFactory metrics, ReplyCounter replies, TimeProvider time)
    {
        _time = time;
        _nextExemplar = time.GetTimestamp();
        _replies = replies;
        _transactions = metrics.CreateCounter(
            "smtpproxy_transactions_total", "Finished transactions.", ["cluster", "destination", "outcome"]);
        _failovers = metrics.CreateCounter(
            "smtpproxy_failovers_total",
            "Transactions that went on at another destination, by the stage at which the former one failed.",
            ["cluster", "stage"]);
        _duration = metrics.CreateHistogram(
            "smtpproxy_transaction_duration_seconds",
            "From MAIL FROM to the end of a transaction.",
            new HistogramConfiguration { Buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600] });
        _attempts = metrics.CreateHistogram(
            "smtpproxy_attempts_per_transaction",
            "Attempts that a transaction took; 0 when no server was tried.",
            new HistogramConfiguration { Buckets = [0, 1, 2, 3, 4, 5, 10] });
    }

    /// <inheritdoc/>
    public void OnCompleted(TransactionRecord record)
    {
        var cluster = record.Cluster ?? Nobody;
        Outcome(cluster, record.Destination ?? Nobody, record.Outcome).Inc();
        ObserveDuration(record);
        _attempts.Observe(record.Attempts.Count);
        CountFailovers(cluster, record.Attempts);
        for (var i = 0; i < record.Replies.Count; i++)
        {
            _replies.Add(record.Replies[i]);
        }
    }

    private void CountFailovers(string cluster, IReadOnlyList<AttemptRecord> attempts)
    {
        for (var i = 1; i < attempts.Count; i++)
        {
            // A second attempt at the same destination (a kept session was dead) is no failover.
            if (!string.Equals(attempts[i - 1].Destination, attempts[i].Destination, StringComparison.OrdinalIgnoreCase))
            {
                Failover(cluster, attempts[i - 1].Stage).Inc();
            }
        }
    }

    private void ObserveDuration(TransactionRecord record)
    {
        var now = _time.GetTimestamp();
        var next = Volatile.Read(ref _nextExemplar);
        if (now < next || Interlocked.CompareExchange(ref _nextExemplar, now + IntervalTicks, next) != next)
        {
            _duration.Observe(record.Duration.TotalSeconds);
            return;
        }

        // An exemplar costs a string, so one a second has to do: it is enough to find a slow transaction in the log.
        _duration.Observe(record.Duration.TotalSeconds, Exemplar.From(ExemplarKey.WithValue(record.Id.ToString())));
    }

    private long IntervalTicks => (long)(ExemplarInterval.TotalSeconds * _time.TimestampFrequency);

    private Counter.Child Outcome(string cluster, string destination, TransactionOutcome outcome) => _byOutcome.GetOrAdd(
        (cluster, destination, outcome),
        static (key, counter) => counter.WithLabels(key.Cluster, key.Destination, EnumLabels<TransactionOutcome>.Of(key.Outcome)),
        _transactions);

    private Counter.Child Failover(string cluster, TransactionStage stage) => _byFailover.GetOrAdd(
        (cluster, stage),
        static (key, counter) => counter.WithLabels(key.Cluster, EnumLabels<TransactionStage>.Of(key.Stage)),
        _failovers);
}
