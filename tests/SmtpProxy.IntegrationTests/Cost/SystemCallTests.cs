using Xunit;

namespace SmtpProxy.IntegrationTests.Cost;

/// <summary>What a message costs in system calls, which are most of its CPU time: a guard that no busy machine can make fail.</summary>
[Collection(CostCollection.Name)]
public sealed class SystemCallTests
{
    // What runs by the clock, and what the runtime compiles late, is spread over so many that it does not count.
    private const int Messages = 1_500;
    private const int WarmUp = 4_000;

    // Whatever else runs can only add calls: threads that wake each other more often. The least of a few runs is the proxy's own.
    private const int Tries = 3;

    [Fact]
    public Task ShortSessions_SystemCallsOfAMessage_StayWithinBounds() => AssertCostAsync(CostLoad.ShortSessions);

    [Fact]
    public Task KeptSessions_SystemCallsOfAMessage_StayWithinBounds() => AssertCostAsync(CostLoad.KeptSessions);

    private static async Task AssertCostAsync(CostLoad load)
    {
        await using var bed = await CostBed.StartAsync();
        await bed.SendAsync(load, WarmUp);
        var least = await CountAsync(bed, load);
        for (var tries = 1; tries < Tries && least.OwnPerMessage > load.MostCalls; tries++)
        {
            var counts = await CountAsync(bed, load);
            least = counts.OwnPerMessage < least.OwnPerMessage ? counts : least;
        }

        var report = $"{load.Name}: {least.OwnPerMessage:0.00} system calls for each message with one epoll_wait at most, " +
            $"{least.OwnPerMessage - load.DialogueCalls:0.00} beyond the {load.DialogueCalls} sends and receives of the dialogue itself, where {load.MoreCalls} are allowed:\n{least}";
        TestContext.Current.TestOutputHelper?.WriteLine(report);

        // Fewer than the dialogue needs: then it was not this process that was counted, or not all of it.
        Assert.True(least.OwnPerMessage >= load.DialogueCalls, report);
        Assert.True(least.OwnPerMessage <= load.MostCalls, report);
    }

    private static async Task<SystemCallCounts> CountAsync(CostBed bed, CostLoad load)
    {
        await using var trace = await SystemCallTrace.AttachAsync(bed.ProxyId);
        await bed.SendAsync(load, Messages);
        return await trace.FinishAsync(Messages);
    }
}
