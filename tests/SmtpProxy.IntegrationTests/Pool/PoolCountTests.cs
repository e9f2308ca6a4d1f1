using System.Diagnostics;
using Xunit;
using Xunit.Sdk;

namespace SmtpProxy.IntegrationTests.Pool;

/// <summary>That the counting of the pool's tests finds what it is for.</summary>
public class PoolCountTests
{
    private static readonly PoolReceipt Receipt = new(new PoolMessage("<1@x>", "a@x"), "p1", "2.0.0 Ok: queued as A1");
    private static readonly PoolDelivery Delivery = new("mta1", "<1@x>", "a@x", "A1");
    private static readonly PoolDelivery Copy = new("mta2", "<1@x>", "a@x", "B1");
    private static readonly HashSet<string> Unsure = ["<1@x>"];

    [Fact]
    public void AssertEachOnce_OneEach_Passes() => PoolCount.AssertEachOnce([Receipt], [Delivery]);

    [Fact]
    public void AssertEachOnce_Lost_Throws() => Assert.ThrowsAny<XunitException>(() => PoolCount.AssertEachOnce([Receipt], []));

    [Fact]
    public void AssertEachOnce_OnlyACopyThatTheClientWasNotToldOf_Throws() =>
        Assert.ThrowsAny<XunitException>(() => PoolCount.AssertEachOnce([Receipt], [Copy], Unsure));

    [Fact]
    public void AssertEachOnce_InTwoMailboxes_ThrowsUnlessTheReplyWasLost()
    {
        Assert.ThrowsAny<XunitException>(() => PoolCount.AssertEachOnce([Receipt], [Delivery, Copy]));
        PoolCount.AssertEachOnce([Receipt], [Delivery, Copy], Unsure);
        Assert.ThrowsAny<XunitException>(() => PoolCount.AssertEachOnce([Receipt], [Delivery, Copy, Copy with { QueueId = "B2" }], Unsure));
    }

    [Fact]
    public void AssertEachOnce_TwiceInOneMailbox_Throws()
    {
        Assert.ThrowsAny<XunitException>(() => PoolCount.AssertEachOnce([Receipt], [Delivery, Delivery]));
        Assert.ThrowsAny<XunitException>(() => PoolCount.AssertEachOnce([Receipt], [Delivery, Delivery], Unsure));
    }

    [Fact]
    public void AssertEachOnce_NobodyWasToldOfIt_Throws() =>
        Assert.ThrowsAny<XunitException>(() => PoolCount.AssertEachOnce([Receipt], [Delivery, Copy with { MessageId = "<2@x>" }]));

    [Fact]
    public void AssertEachOnce_ToldTwice_Throws() =>
        Assert.ThrowsAny<XunitException>(() => PoolCount.AssertEachOnce([Receipt, Receipt], [Delivery]));

    [Fact]
    public void AssertOneServerEach_Two_Throws()
    {
        Assert.Equal("mta1", PoolCount.AssertOneServerEach([Delivery, Delivery])["a@x"]);
        Assert.ThrowsAny<XunitException>(() => PoolCount.AssertOneServerEach([Delivery, Copy]));
    }

    [Fact]
    public void Lag_OneStillOldWhileTheOtherIsNew_TheTimeBetween()
    {
        var entry = new PoolEntry("a@x", "mta1", "rerouted", default, default, 2);
        var second = Stopwatch.Frequency;
        var first = new PoolMove(entry, StillOldAt: 10 * second, NewAt: 11 * second);

        Assert.Equal(TimeSpan.Zero, PoolMoves.Lag(first, new PoolMove(entry, 9 * second, 10 * second)));
        Assert.Equal(TimeSpan.FromSeconds(2), PoolMoves.Lag(first, new PoolMove(entry, 13 * second, 14 * second)));
        Assert.Equal(TimeSpan.FromSeconds(2), PoolMoves.Lag(new PoolMove(entry, 13 * second, 14 * second), first));
    }
}
