using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Affinity;
using Xunit;

namespace SmtpProxy.Tests.Affinity;

public sealed class StoreGateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryEnter_AfterFailures_BackoffDoublesUpToFiveSeconds()
    {
        var gate = new StoreGate(_time, () => 1);
        double[] expected = [.1, .2, .4, .8, 1.6, 3.2, 5, 5];
        Assert.True(gate.TryEnter());

        foreach (var seconds in expected)
        {
            gate.Failed();
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.False(gate.TryEnter());
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(gate.TryEnter());
        }
    }

    [Fact]
    public void TryEnter_BackoffIsOver_OneCallerAlone()
    {
        var gate = new StoreGate(_time, () => 1);
        gate.Failed();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(gate.TryEnter());
        Assert.False(gate.TryEnter());
        Assert.True(gate.Succeeded());
        Assert.True(gate.TryEnter());
        Assert.True(gate.TryEnter());
    }

    [Fact]
    public void Failed_CallsThatWereUnderWay_OneBackoff()
    {
        var gate = new StoreGate(_time, () => 1);

        Assert.True(gate.Failed());
        Assert.False(gate.Failed());
        Assert.False(gate.Failed());

        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.True(gate.TryEnter());
    }

    [Fact]
    public void Wait_WhileClosed_TimeToTheNextTry()
    {
        var gate = new StoreGate(_time, () => .5);
        Assert.Equal(TimeSpan.Zero, gate.Wait);
        gate.Failed();

        Assert.Equal(TimeSpan.FromMilliseconds(50), gate.Wait);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(TimeSpan.Zero, gate.Wait);
        gate.TryEnter();
        Assert.Equal(TimeSpan.FromMilliseconds(100), gate.Wait);
        gate.Abandoned();
        Assert.Equal(TimeSpan.Zero, gate.Wait);
    }
}
