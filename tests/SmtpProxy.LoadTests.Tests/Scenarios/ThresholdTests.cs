using SmtpProxy.LoadTests.Scenarios;
using SmtpProxy.LoadTests.Scenarios.Thresholds;
using Xunit;

namespace SmtpProxy.LoadTests.Tests.Scenarios;

public sealed class ThresholdTests
{
    [Theory]
    [InlineData("p99<=50ms", true)]
    [InlineData("p99<=20ms", false)]
    [InlineData("p50 < 1s", true)]
    [InlineData("failed<=10%", true)]
    [InlineData("failed<=9.9%", false)]
    [InlineData("rate>=90", true)]
    [InlineData("rate>=91/s", false)]
    [InlineData("message:p99<=3ms", true)]
    [InlineData("message:p99<=1ms", false)]
    [InlineData("nowhere:p99<=1s", false)]
    public void Check_Bound_ComparesTheFigure(string text, bool isMet)
    {
        var step = new RowSummary("message", 90, 0, 0, 9, new LatencySummary(1, 1, 1, 1, 1, 2, 2, 2), new Dictionary<string, FailureSummary>());
        var all = new RowSummary("iteration", 90, 10, 0, 90, new LatencySummary(1, 5, 10, 15, 20, 30, 40, 50), new Dictionary<string, FailureSummary>());
        var summary = new ScenarioSummary("s", TimeSpan.FromSeconds(1), all, [step]);

        Assert.Equal(isMet, ThresholdParser.Parse(text)!.Check(summary).IsMet);
    }

    [Theory]
    [InlineData("p99")]
    [InlineData("p42<=5ms")]
    [InlineData("p99<=5%")]
    [InlineData("rate>=5ms")]
    [InlineData("p99<=fast")]
    [InlineData("none<=1")]
    public void Parse_Nonsense_IsNull(string text) => Assert.Null(ThresholdParser.Parse(text));

    [Fact]
    public void Check_NothingWentWell_IsMissed()
    {
        var none = new RowSummary("iteration", 0, 0, 0, 0, LatencySummary.None, new Dictionary<string, FailureSummary>());

        Assert.False(Threshold.MaxP99(1000).Check(new ScenarioSummary("s", TimeSpan.Zero, none, [])).IsMet);
    }
}
