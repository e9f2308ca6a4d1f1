using SmtpProxy.LoadTests.Running;
using SmtpProxy.LoadTests.Scenarios;
using Xunit;

namespace SmtpProxy.LoadTests.Tests.Running;

public sealed class ArrivalsTests
{
    [Fact]
    public void Of_Inject_AreEvenlySpacedWithinThePhase()
    {
        var due = Arrivals.Of(LoadPhase.Inject(200, TimeSpan.FromSeconds(2)), before: 0).ToArray();

        Assert.InRange(due.Length, 400, 401);
        Assert.Equal(TimeSpan.Zero, due[0]);
        Assert.Equal(0.5, due[100].TotalSeconds, 3);
        Assert.All(due, static time => Assert.True(time < TimeSpan.FromSeconds(2)));
    }

    [Theory]
    [InlineData(0, 100, 500)]
    [InlineData(100, 100, 1000)]
    [InlineData(200, 100, 1500)]
    public void Of_Ramp_HoldsTheMeanOfBothRates(double before, double after, int expected)
    {
        var due = Arrivals.Of(LoadPhase.RampingInject(after, TimeSpan.FromSeconds(10)), before).ToArray();

        Assert.InRange(due.Length, expected * 0.97, expected * 1.03);
        Assert.Equal(due.Order(), due);
    }

    [Fact]
    public void Of_RampUp_PutsMoreIntoTheSecondHalf()
    {
        var due = Arrivals.Of(LoadPhase.RampingInject(100, TimeSpan.FromSeconds(10)), before: 0).ToArray();

        Assert.Equal(0.25, due.Count(static time => time.TotalSeconds < 5) / (double)due.Length, 0.02);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 10)]
    [InlineData(10, 20)]
    [InlineData(15, 20)]
    public void CopiesAt_Ramp_GoesEvenly(int seconds, int expected)
    {
        var phase = LoadPhase.RampingConstant(20, TimeSpan.FromSeconds(10));

        Assert.Equal(expected, Arrivals.CopiesAt(phase, before: 0, TimeSpan.FromSeconds(seconds)));
    }
}
