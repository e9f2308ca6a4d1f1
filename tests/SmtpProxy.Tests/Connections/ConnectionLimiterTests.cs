using System.Net;
using SmtpProxy.Connections;
using Xunit;

namespace SmtpProxy.Tests.Connections;

public class ConnectionLimiterTests
{
    private static readonly IPAddress A = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress B = IPAddress.Parse("192.0.2.2");

    [Fact]
    public void TryEnter_ClientAtItsLimit_IsRefusedAloneAndNotCounted()
    {
        var limiter = new ConnectionLimiter();
        Assert.True(limiter.TryEnter(A, 10, 1));
        Assert.False(limiter.TryEnter(A, 10, 1));
        Assert.True(limiter.TryEnter(B, 10, 1));
        Assert.Equal(2, limiter.Total);
        limiter.Leave(A);
        Assert.True(limiter.TryEnter(A, 10, 1));
    }

    [Fact]
    public void TryEnter_AllAtTheLimit_IsRefusedAndNotCounted()
    {
        var limiter = new ConnectionLimiter();
        Assert.True(limiter.TryEnter(A, 1, 10));
        Assert.False(limiter.TryEnter(B, 1, 10));
        limiter.Leave(A);
        Assert.Equal(0, limiter.Total);
        Assert.True(limiter.TryEnter(B, 1, 10));
    }

    [Fact]
    public async Task TryEnter_ManyThreads_EndsAtZero()
    {
        var limiter = new ConnectionLimiter();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                Assert.True(limiter.TryEnter(A, int.MaxValue, int.MaxValue));
                limiter.Leave(A);
            }
        })));
        Assert.Equal(0, limiter.Total);
        Assert.True(limiter.TryEnter(A, 1, 1));
    }
}
