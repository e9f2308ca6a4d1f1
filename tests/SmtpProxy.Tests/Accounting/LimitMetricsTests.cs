using SmtpProxy.Accounting;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Accounting;

public sealed class LimitMetricsTests
{
    private readonly Scrape _scrape = new();

    [Fact]
    public async Task Hit_AnyLimit_IsCountedUnderItsName()
    {
        var metrics = new LimitMetrics(_scrape.Factory);
        metrics.Hit(LimitKind.MaxCommandLine);
        metrics.Hit(LimitKind.MaxCommandLine);
        var samples = await _scrape.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Contains("smtpproxy_limit_hits_total{limit=\"max_command_line\"} 2", samples);
        Assert.Contains("smtpproxy_limit_hits_total{limit=\"max_errors\"} 0", samples);
    }

    [Theory]
    [InlineData(TransactionStage.Connect, AttemptResult.TimedOut, "server_connect_timeout")]
    [InlineData(TransactionStage.Greeting, AttemptResult.TimedOut, "server_greeting_timeout")]
    [InlineData(TransactionStage.Ehlo, AttemptResult.TimedOut, "server_greeting_timeout")]
    [InlineData(TransactionStage.Tls, AttemptResult.TimedOut, "server_handshake_timeout")]
    [InlineData(TransactionStage.Mail, AttemptResult.TimedOut, "server_command_timeout")]
    [InlineData(TransactionStage.Data, AttemptResult.TimedOut, "server_data_timeout")]
    [InlineData(TransactionStage.Body, AttemptResult.TimedOut, "server_body_timeout")]
    [InlineData(TransactionStage.FinalReply, AttemptResult.TimedOut, "server_final_reply_timeout")]
    [InlineData(TransactionStage.Queue, AttemptResult.QueueTimedOut, "server_queue")]
    [InlineData(TransactionStage.Mail, AttemptResult.ReplyTooLong, "server_max_reply")]
    public async Task OnCompleted_AttemptAtALimit_IsCounted(TransactionStage stage, AttemptResult result, string label)
    {
        var metrics = new LimitMetrics(_scrape.Factory);
        metrics.OnCompleted(Records.Relayed() with { Attempts = [new AttemptRecord("mta1", null, stage, result, 0, default, true)] });
        var samples = await _scrape.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"smtpproxy_limit_hits_total{{limit=\"{label}\"}} 1", samples);
    }
}
