using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Infrastructure;
using Xunit;

namespace SmtpProxy.Tests.Infrastructure;

public class LogBudgetTests
{
    [Fact]
    public void TryTake_BudgetUsedUp_WaitsForTheNextPeriodAndTellsWhatWasLeftOut()
    {
        var time = new FakeTimeProvider();
        var budget = new LogBudget(2, TimeSpan.FromSeconds(10), time);
        Assert.True(budget.TryTake(out _));
        Assert.True(budget.TryTake(out _));
        Assert.False(budget.TryTake(out _));
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(budget.TryTake(out _));
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(budget.TryTake(out var skipped));
        Assert.Equal(2, skipped);
        Assert.True(budget.TryTake(out skipped));
        Assert.Equal(0, skipped);
    }
}
