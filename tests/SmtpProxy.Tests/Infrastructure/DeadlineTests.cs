using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Infrastructure;
using Xunit;

namespace SmtpProxy.Tests.Infrastructure;

public sealed class DeadlineTests : IInterruptible
{
    private readonly FakeTimeProvider _time = new();
    private int _interrupts;

    void IInterruptible.Interrupt() => _interrupts++;

    [Fact]
    public void Set_TimePasses_InterruptsOnceAndIsExpired()
    {
        using var deadline = new Deadline(_time, this);
        deadline.Set(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, _interrupts);
        Assert.False(deadline.IsExpired);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _interrupts);
        Assert.True(deadline.IsExpired);
    }

    [Fact]
    public void Set_LaterDeadlineAfterEarlier_FiresAtTheLater()
    {
        using var deadline = new Deadline(_time, this);
        deadline.Set(TimeSpan.FromSeconds(5));
        deadline.Clear();
        deadline.Set(TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(0, _interrupts);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _interrupts);
    }

    [Fact]
    public void Set_EarlierDeadlineAfterLater_FiresAtTheEarlier()
    {
        using var deadline = new Deadline(_time, this);
        deadline.Set(TimeSpan.FromSeconds(60));
        deadline.Clear();
        deadline.Set(TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, _interrupts);
    }

    [Fact]
    public void Clear_TimePasses_NeverInterrupts()
    {
        using var deadline = new Deadline(_time, this);
        deadline.Set(TimeSpan.FromSeconds(5));
        deadline.Clear();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _interrupts);
        Assert.False(deadline.IsExpired);
    }
}
