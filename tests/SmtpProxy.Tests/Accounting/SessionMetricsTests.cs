using SmtpProxy.Accounting;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Accounting;

public sealed class SessionMetricsTests
{
    [Fact]
    public async Task OnClosed_OneOfTwoSessions_CountsResultBytesAndTheOpenOne()
    {
        var scrape = new Scrape();
        var metrics = new SessionMetrics(scrape.Factory);

        metrics.OnOpened("mx");
        metrics.OnOpened("mx");
        metrics.OnAuthenticated("mx", AuthResult.Rejected);
        metrics.OnClosed("mx", SessionEnd.ClientClosed, 100, 50);

        var samples = await scrape.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Contains("smtpproxy_sessions_total{listener=\"mx\",result=\"client_closed\"} 1", samples);
        Assert.Contains("smtpproxy_sessions_active{listener=\"mx\"} 1", samples);
        Assert.Contains("smtpproxy_auth_total{listener=\"mx\",result=\"rejected\"} 1", samples);
        Assert.Contains("smtpproxy_bytes_total{direction=\"received\"} 100", samples);
        Assert.Contains("smtpproxy_bytes_total{direction=\"sent\"} 50", samples);
    }
}
