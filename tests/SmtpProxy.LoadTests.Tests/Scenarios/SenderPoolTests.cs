using SmtpProxy.LoadTests.Scenarios.Library;
using Xunit;

namespace SmtpProxy.LoadTests.Tests.Scenarios;

public sealed class SenderPoolTests
{
    private const int Draws = 60_000;

    [Theory]
    [InlineData(0, 1.0 / 3, 1.0 / 3)]
    [InlineData(1, 6.0 / 11, 2.0 / 11)]
    public void Pick_Exponent_GivesItsShares(double exponent, double first, double last)
    {
        var pool = new SenderPool(3, exponent);
        var random = new Random(1);

        var shares = Enumerable.Range(0, Draws).Select(_ => pool.Pick(random)).CountBy(static sender => sender).ToDictionary();

        Assert.Equal(first, shares["sender1@example.org"] / (double)Draws, 0.01);
        Assert.Equal(last, shares["sender3@example.org"] / (double)Draws, 0.01);
    }
}
