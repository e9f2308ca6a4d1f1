using SmtpProxy.Configuration.Formats;
using Xunit;

namespace SmtpProxy.Tests.Configuration.Formats;

public sealed class DurationTests
{
    [Theory]
    [InlineData("00:00:30", 30_000)]
    [InlineData("1.00:00:00", 86_400_000)]
    [InlineData("00:00:01.500", 1_500)]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1D", 86_400_000)]
    [InlineData("0s", 0)]
    public void TryParse_KnownForm_Reads(string text, long milliseconds)
    {
        Assert.True(DurationParser.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("5")]
    [InlineData("5 s")]
    [InlineData("1.5h")]
    [InlineData("-1s")]
    [InlineData("-00:00:30")]
    [InlineData("10:30")]
    [InlineData("24:00:00")]
    [InlineData("5w")]
    [InlineData("99999999999999999999s")]
    [InlineData("9223372036854775807d")]
    public void TryParse_AnythingElse_IsNone(string text) => Assert.False(DurationParser.TryParse(text, out _));

    [Theory]
    [InlineData("0s", "0s")]
    [InlineData("00:00:30", "30s")]
    [InlineData("90s", "90s")]
    [InlineData("60s", "1m")]
    [InlineData("90m", "90m")]
    [InlineData("24h", "1d")]
    [InlineData("1500ms", "1500ms")]
    [InlineData("00:00:00.0000001", "00:00:00.0000001")]
    public void Format_Duration_IsShortAndReadsBack(string text, string expected)
    {
        Assert.True(DurationParser.TryParse(text, out var duration));
        Assert.Equal(expected, DurationFormatter.Format(duration));
        Assert.True(DurationParser.TryParse(expected, out var again));
        Assert.Equal(duration, again);
    }
}
