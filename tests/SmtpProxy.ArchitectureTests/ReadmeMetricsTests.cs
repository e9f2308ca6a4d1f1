using System.Text.RegularExpressions;
using Xunit;

namespace SmtpProxy.ArchitectureTests;

/// <summary>Operators find every metric in the README, and no other.</summary>
public sealed partial class ReadmeMetricsTests
{
    [Fact]
    public void Metrics_OfTheCode_AreThoseOfTheReadme()
    {
        var made = Repository.Sources("src").SelectMany(static file => Made().Matches(file.Text)).Select(static match => match.Groups[1].Value);
        var told = Told().Matches(File.ReadAllText(Repository.PathOf("README.md"))).Select(static match => match.Groups[1].Value);

        Assert.Equal(made.Distinct().Order(StringComparer.Ordinal), told.Distinct().Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("""Create(?:Counter|Gauge|Histogram|Summary)\(\s*"(smtpproxy_[a-z_]+)""")]
    private static partial Regex Made();

    [GeneratedRegex("`(smtpproxy_[a-z_]+)")]
    private static partial Regex Told();
}
