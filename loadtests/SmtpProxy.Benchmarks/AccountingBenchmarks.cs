using System.Net;
using BenchmarkDotNet.Attributes;
using Prometheus;
using SmtpProxy.Accounting;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Benchmarks;

/// <summary>What one finished transaction costs in metrics and in its log line.</summary>
[MemoryDiagnoser]
public class AccountingBenchmarks
{
    private static readonly IMetricFactory Registry = Metrics.WithCustomRegistry(Metrics.NewCustomRegistry());

    private readonly TransactionMetrics _metrics = new(Registry, new ReplyCounter(Registry), TimeProvider.System);
    private readonly TransactionLog _postfix = new(LogFormat.Postfix, new NoSink());
    private readonly TransactionLog _json = new(LogFormat.Json, new NoSink());
    private readonly TransactionRecord _record = CreateRecord();

    /// <summary>All metrics of a transaction.</summary>
    [Benchmark]
    public void Count() => _metrics.OnCompleted(_record);

    /// <summary>The line in Postfix's shape.</summary>
    [Benchmark]
    public void PostfixLine() => _postfix.OnCompleted(_record);

    /// <summary>The line as JSON.</summary>
    [Benchmark]
    public void JsonLine() => _json.OnCompleted(_record);

    private static TransactionRecord CreateRecord() => new()
    {
        Id = Guid.CreateVersion7(),
        Number = 1,
        Envelope = new Envelope
        {
            Client = new ClientIdentity("s1", "mx", new IPEndPoint(IPAddress.Loopback, 40_000), new IPEndPoint(IPAddress.Loopback, 2525)),
            Helo = "client.example",
            Sender = "sender@example.com",
            SenderAt = 6,
            MailCommand = default,
            BareMailCommand = default,
        },
        Route = "default",
        Cluster = "pool",
        Attempts =
        [
            new AttemptRecord(
                "mta1", new IPEndPoint(IPAddress.Loopback, 2601), TransactionStage.FinalReply, AttemptResult.Answered, 250, new EnhancedStatusCode(2, 0, 0), false),
        ],
        Replies = [new ReplyCount("mta1", TransactionStage.Mail, 250, new EnhancedStatusCode(2, 1, 0), 1)],
        Outcome = TransactionOutcome.Relayed,
        Stage = TransactionStage.FinalReply,
        Code = 250,
        Enhanced = new EnhancedStatusCode(2, 0, 0),
        ReplyText = "2.0.0 Ok: queued as 4Zx1Bq2cPz",
    };

    private sealed class NoSink : ILineSink
    {
        public void Write(ReadOnlySpan<byte> line)
        {
        }
    }
}
