using SmtpProxy.Infrastructure;
using Xunit;

namespace SmtpProxy.Tests.Infrastructure;

public sealed class DescriptorBudgetTests
{
    [Fact]
    public void TryEnter_UntilFull_ClientsLeaveTheReserveTwiceAndServersOnce()
    {
        var budget = new DescriptorBudget(free: 100, reserved: 20);

        var clients = Enumerable.Range(0, 100).Count(_ => budget.TryEnterClient());
        var servers = Enumerable.Range(0, 100).Count(_ => budget.TryEnterServer());

        Assert.Equal((60, 20, 80), (clients, servers, budget.Used));
    }

    [Fact]
    public void Leave_AfterRefusal_MakesRoomForOne()
    {
        var budget = new DescriptorBudget(free: 100, reserved: 20);
        while (budget.TryEnterClient())
        {
        }

        budget.Leave();

        Assert.True(budget.TryEnterClient());
        Assert.False(budget.TryEnterClient());
    }

    [Theory]
    [InlineData(int.MaxValue, 0)]
    [InlineData(int.MaxValue, 1_000_000)]
    [InlineData(0, 128)]
    [InlineData(100, 128)]
    [InlineData(100, 0)]
    public void TryEnter_AnyLimit_OneSessionAndItsServerAreServed(int free, int reserved)
    {
        var budget = new DescriptorBudget(free, reserved);

        Assert.True(budget.TryEnterClient());
        Assert.True(budget.TryEnterServer());
    }
}
