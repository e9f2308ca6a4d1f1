using SmtpProxy.Infrastructure;
using SmtpProxy.TestKit;
using Xunit;

namespace SmtpProxy.Tests.Infrastructure;

public class HandshakeGateTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int _waits;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EnterAsync_NoPlaceLeft_WaitsForOneAndIsCounted()
    {
        var gate = Gate(2);
        await gate.EnterAsync(isBegun: false, Token);
        await gate.EnterAsync(isBegun: false, Token);
        Assert.Equal(0, _waits);
        var third = gate.EnterAsync(isBegun: false, Token);

        Assert.False(third.IsCompleted);
        Assert.Equal(1, _waits);
        gate.Leave();
        await third.WaitAsync(Patience, Token);
        Assert.False(gate.EnterAsync(isBegun: false, Token).IsCompleted);
    }

    [Fact]
    public async Task Leave_SomeWait_OnesThatWereBegunGoFirstAndEachKindInOrder()
    {
        var gate = Gate(1);
        await gate.EnterAsync(isBegun: false, Token);
        var first = gate.EnterAsync(isBegun: false, Token);
        var second = gate.EnterAsync(isBegun: false, Token);
        var begun = gate.EnterAsync(isBegun: true, Token);

        foreach (var (next, later) in ((Task, Task)[])[(begun, first), (first, second), (second, Never())])
        {
            gate.Leave();
            await next.WaitAsync(Patience, Token);
            Assert.False(later.IsCompleted);
        }
    }

    [Fact]
    public async Task EnterAsync_GivenUp_LeavesItsPlaceToTheNext()
    {
        var gate = Gate(1);
        await gate.EnterAsync(isBegun: false, Token);
        using var impatience = new CancellationTokenSource();
        var givenUp = gate.EnterAsync(isBegun: false, impatience.Token);
        var patient = gate.EnterAsync(isBegun: false, Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);

        gate.Leave();
        await patient.WaitAsync(Patience, Token);
        gate.Leave();
        Assert.True(gate.EnterAsync(isBegun: false, Token).IsCompletedSuccessfully);
        Assert.False(gate.EnterAsync(isBegun: false, Token).IsCompleted);
    }

    [Fact]
    public async Task Turn_WaitsForItsPeer_OthersHaveItsPlaceMeanwhile()
    {
        var gate = Gate(1);
        var peer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = new HandshakeTurn(gate);
        await slow.EnterAsync(Token);
        var waiting = slow.WaitAsync(new ValueTask<int>(peer.Task), Token).AsTask();
        var other = new HandshakeTurn(gate);
        await other.EnterAsync(Token);
        peer.SetResult(7);
        await Poll.UntilAsync(() => Volatile.Read(ref _waits) == 1, Patience, "it to come back", Token);

        var third = new HandshakeTurn(gate).EnterAsync(Token).AsTask();
        other.Leave();
        other.Leave();
        Assert.Equal(7, await waiting.WaitAsync(Patience, Token));
        Assert.False(third.IsCompleted);
        slow.Leave();
        await third.WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task Turn_PeerIsLost_HoldsNoPlace()
    {
        var gate = Gate(1);
        var turn = new HandshakeTurn(gate);
        await turn.EnterAsync(Token);
        await Assert.ThrowsAsync<IOException>(() => turn.WaitAsync(ValueTask.FromException<int>(new IOException("gone")), Token).AsTask());
        turn.Leave();

        Assert.True(gate.EnterAsync(isBegun: false, Token).IsCompletedSuccessfully);
        Assert.False(gate.EnterAsync(isBegun: false, Token).IsCompleted);
    }

    private static Task Never() => new TaskCompletionSource().Task;

    private HandshakeGate Gate(int limit) => new(limit, () => Interlocked.Increment(ref _waits));
}
