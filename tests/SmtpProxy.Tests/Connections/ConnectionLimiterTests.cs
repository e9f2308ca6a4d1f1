using System.Net;
using SmtpProxy.Connections;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Connections;

public class ConnectionLimiterTests
{
    private static readonly IPAddress A = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress B = IPAddress.Parse("192.0.2.2");

    [Fact]
    public void Enter_ClientAtItsLimit_IsRefusedAloneAndNotCounted()
    {
        var limiter = new ConnectionLimiter();
        Assert.Equal(LimitKind.None, limiter.Enter(A, 10, 1));
        Assert.Equal(LimitKind.MaxConnectionsPerClient, limiter.Enter(A, 10, 1));
        Assert.Equal(LimitKind.None, limiter.Enter(B, 10, 1));
        Assert.Equal(2, limiter.Total);
        limiter.Leave(A);
        Assert.Equal(LimitKind.None, limiter.Enter(A, 10, 1));
    }

    [Fact]
    public void Enter_AllAtTheLimit_IsRefusedAndNotCounted()
    {
        var limiter = new ConnectionLimiter();
        Assert.Equal(LimitKind.None, limiter.Enter(A, 1, 10));
        Assert.Equal(LimitKind.MaxConnections, limiter.Enter(B, 1, 10));
        limiter.Leave(A);
        Assert.Equal(0, limiter.Total);
        Assert.Equal(LimitKind.None, limiter.Enter(B, 1, 10));
    }

    [Fact]
    public async Task Enter_ManyThreads_EndsAtZero()
    {
        var limiter = new ConnectionLimiter();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                Assert.Equal(LimitKind.None, limiter.Enter(A, int.MaxValue, int.MaxValue));
                limiter.Leave(A);
            }
        })));
        Assert.Equal(0, limiter.Total);
        Assert.Equal(LimitKind.None, limiter.Enter(A, 1, 1));
    }
}
