using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Accounting;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using Xunit;

namespace SmtpProxy.Tests.Accounting;

public sealed class TransactionMetricsTests
{
    private readonly Scrape _scrape = new();
    private readonly TransactionMetrics _metrics;

    public TransactionMetricsTests() => _metrics = new TransactionMetrics(_scrape.Factory, new ReplyCounter(_scrape.Factory), new FakeTimeProvider());

    [Fact]
    public async Task OnCompleted_Failover_CountsTransactionAttemptsAndFailover()
    {
        _metrics.OnCompleted(Records.Relayed());
        _metrics.OnCompleted(Records.Relayed());

        var samples = await _scrape.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Contains("smtpproxy_transactions_total{cluster=\"pool\",destination=\"mta2\",outcome=\"relayed\"} 2", samples);
        Assert.Contains("smtpproxy_failovers_total{cluster=\"pool\",stage=\"connect\"} 2", samples);
        Assert.Contains("smtpproxy_attempts_per_transaction_sum 4", samples);
        Assert.Contains("smtpproxy_transaction_duration_seconds_sum 0.5", samples);
        Assert.Contains("smtpproxy_transaction_duration_seconds_count 2", samples);
    }

    [Fact]
    public async Task OnCompleted_StaleSession_IsNoFailover()
    {
        _metrics.OnCompleted(Records.Relayed() with
        {
            Attempts = [Records.Attempt("mta2", TransactionStage.Mail, AttemptResult.StaleSession), Records.Attempt("mta2")],
        });

        var samples = await _scrape.ReadAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain(samples, static sample => sample.StartsWith("smtpproxy_failovers_total", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OnCompleted_NothingChosen_CountsUnderNone()
    {
        _metrics.OnCompleted(Records.Relayed() with { Cluster = null, Attempts = [], Outcome = TransactionOutcome.Deferred });

        var samples = await _scrape.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Contains("smtpproxy_transactions_total{cluster=\"none\",destination=\"none\",outcome=\"deferred\"} 1", samples);
    }

    [Fact]
    public async Task OnCompleted_Replies_AreCountedByKind()
    {
        _metrics.OnCompleted(Records.Relayed() with
        {
            Replies =
            [
                new ReplyCount("mta2", TransactionStage.Rcpt, 250, new EnhancedStatusCode(2, 1, 5), 3),
                new ReplyCount("mta2", TransactionStage.FinalReply, 250, default, 1),
                new ReplyCount("mta2", TransactionStage.Rcpt, 777, default, 1),
            ],
        });

        var samples = await _scrape.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Contains("smtpproxy_replies_total{destination=\"mta2\",stage=\"rcpt\",code=\"250\",enhanced=\"2.1.5\"} 3", samples);
        Assert.Contains("smtpproxy_replies_total{destination=\"mta2\",stage=\"final_reply\",code=\"250\",enhanced=\"\"} 1", samples);
        Assert.Contains("smtpproxy_replies_total{destination=\"mta2\",stage=\"rcpt\",code=\"other\",enhanced=\"\"} 1", samples);
    }

    [Fact]
    public async Task OnCompleted_ServerInventsCodes_SeriesStayBounded()
    {
        for (var detail = 0; detail < 1000; detail++)
        {
            var replies = new ReplyCount("mta2", TransactionStage.Rcpt, 450, new EnhancedStatusCode(4, 9, (ushort)detail), 1);
            _metrics.OnCompleted(Records.Relayed() with { Replies = [replies] });
        }

        var samples = (await _scrape.ReadAsync(TestContext.Current.CancellationToken))
            .Where(static sample => sample.StartsWith("smtpproxy_replies_total", StringComparison.Ordinal))
            .ToArray();

        Assert.Equal(201, samples.Length);
        Assert.Contains("smtpproxy_replies_total{destination=\"mta2\",stage=\"rcpt\",code=\"450\",enhanced=\"other\"} 800", samples);
    }

    [Fact]
    public async Task OnCompleted_HostileSender_IsNoLabel()
    {
        _metrics.OnCompleted(Records.Relayed("secret@x", "secret-helo", "2.0.0 secret"));

        var samples = await _scrape.ReadAsync(TestContext.Current.CancellationToken);

        Assert.NotEmpty(samples);
        Assert.DoesNotContain(samples, static sample => sample.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void OnCompleted_SteadyState_AllocatesNothing()
    {
        var record = Records.Relayed() with
        {
            Replies = [new ReplyCount("mta2", TransactionStage.Rcpt, 250, new EnhancedStatusCode(2, 1, 5), 3)],
        };
        for (var i = 0; i < 100; i++)
        {
            _metrics.OnCompleted(record);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _metrics.OnCompleted(record);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
