using SmtpProxy.Accounting;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Accounting;

public sealed class DestinationMetricsTests
{
    [Fact]
    public async Task Collect_DestinationRemovedByReload_LosesItsSeries()
    {
        var scrape = new Scrape();
        var destinations = new List<DestinationState> { Destination("mta1"), Destination("mta2") };
        _ = new DestinationMetrics(scrape.Factory, scrape.Registry, () => destinations);
        destinations[0].Enter();

        var before = await scrape.ReadAsync(TestContext.Current.CancellationToken);
        destinations.RemoveAt(1);
        var after = await scrape.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Contains("smtpproxy_destination_inflight{cluster=\"pool\",destination=\"mta1\"} 1", before);
        Assert.Contains("smtpproxy_destination_inflight{cluster=\"pool\",destination=\"mta2\"} 0", before);
        Assert.Equal("smtpproxy_destination_inflight{cluster=\"pool\",destination=\"mta1\"} 1", Assert.Single(after));
    }

    private static DestinationState Destination(string id) =>
        new("pool", id, new DestinationModel(new DestinationConfig(), new ConnectionConfig(), "127.0.0.1", 25));
}
