using System.Net;
using SmtpProxy.Connections;
using Xunit;

namespace SmtpProxy.Tests.Connections;

public class ConnectionLimiterTests
{
    private static readonly IPAddress A = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress B = IPAddress.Parse("192.0.2.2");

    [Fact]
    public void TryEnterClient_ClientAtItsLimit_IsRefusedAloneAndNotCounted()
    {
        var limiter = new ConnectionLimiter();
        Assert.True(limiter.TryEnterClient(A, 1));
        Assert.False(limiter.TryEnterClient(A, 1));
        Assert.True(limiter.TryEnterClient(B, 1));
        limiter.LeaveClient(A);
        Assert.True(limiter.TryEnterClient(A, 1));
    }

    [Fact]
    public void TryEnter_AllAtTheLimit_IsRefusedAndNotCounted()
    {
        var limiter = new ConnectionLimiter();
        Assert.True(limiter.TryEnter(1));
        Assert.False(limiter.TryEnter(1));
        limiter.Leave();
        Assert.Equal(0, limiter.Total);
        Assert.True(limiter.TryEnter(1));
    }

    [Fact]
    public async Task TryEnter_ManyThreads_EndsAtZero()
    {
        var limiter = new ConnectionLimiter();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                Assert.True(limiter.TryEnter(int.MaxValue));
                Assert.True(limiter.TryEnterClient(A, int.MaxValue));
                limiter.LeaveClient(A);
                limiter.Leave();
            }
        })));
        Assert.Equal(0, limiter.Total);
        Assert.True(limiter.TryEnterClient(A, 1));
    }
}
