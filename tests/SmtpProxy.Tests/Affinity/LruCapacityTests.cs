using SmtpProxy.Affinity;
using Xunit;

namespace SmtpProxy.Tests.Affinity;

public sealed class LruCapacityTests
{
    [Fact]
    public void CreateTable_BoundOfAMillion_TakesLittleAtFirst()
    {
        // Once before, for what any first use allocates.
        LruCapacity.CreateTable<string, string>(10);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var table = LruCapacity.CreateTable<string, string>(1_000_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
        Assert.Equal(1_000_000, table.Capacity);
    }

    [Fact]
    public void CreateTable_MoreThanItIsLaidOutFor_KeepsAll()
    {
        var table = LruCapacity.CreateTable<int, int>(100_000);

        for (var i = 0; i < 5000; i++)
        {
            table.AddOrUpdate(i, i);
        }

        Assert.Equal(Enumerable.Range(0, 5000), table.Keys.Order());
    }

    [Fact]
    public void CreateTable_MoreThanItsBound_KeepsTheBound()
    {
        var table = LruCapacity.CreateTable<int, int>(2000);

        for (var i = 0; i < 10_000; i++)
        {
            table.AddOrUpdate(i, i);
        }

        Assert.InRange(table.Count, 1500, 2000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void CreateTable_HardlyAnything_Works(int bound)
    {
        var table = LruCapacity.CreateTable<int, int>(bound);

        table.AddOrUpdate(1, 2);

        Assert.True(table.TryGet(1, out var value));
        Assert.Equal(2, value);
    }
}
