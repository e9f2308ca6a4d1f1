using System.Text;
using SmtpProxy.Accounting;
using Xunit;

namespace SmtpProxy.Tests.Accounting;

public sealed class PostfixDelayTests
{
    // What Postfix prints with its default delay_logging_resolution_limit of 2.
    [Theory]
    [InlineData(0, "0")]
    [InlineData(4, "0")]
    [InlineData(5, "0.01")]
    [InlineData(14, "0.01")]
    [InlineData(100, "0.1")]
    [InlineData(126, "0.13")]
    [InlineData(994, "0.99")]
    [InlineData(996, "1")]
    [InlineData(1_040, "1")]
    [InlineData(1_260, "1.3")]
    [InlineData(9_940, "9.9")]
    [InlineData(9_960, "10")]
    [InlineData(12_499, "12")]
    [InlineData(12_500, "13")]
    [InlineData(3_600_000, "3600")]
    [InlineData(-5, "0")]
    public void Add_Delay_PrintsTwoDigitsThatMatter(int milliseconds, string expected)
    {
        var line = new LineBuffer(new byte[32]);

        PostfixDelay.Add(TimeSpan.FromMilliseconds(milliseconds), ref line);

        Assert.Equal(expected, Encoding.ASCII.GetString(line.Written));
    }
}
