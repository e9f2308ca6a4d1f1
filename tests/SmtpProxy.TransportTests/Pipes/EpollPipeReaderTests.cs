using System.Buffers;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace SmtpProxy.TransportTests.Pipes;

public sealed class EpollPipeReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReadAsync_OctetsArriveLater_ReturnsThem(bool inline)
    {
        await using var transport = await TestTransport.StartAsync(inline);
        var (connection, peer) = await transport.OpenAsync();
        var reading = connection.Transport.Input.ReadAsync(Token);
        Assert.False(reading.IsCompleted);

        await peer.SayAsync("EHLO x\r\n");

        var result = await reading;
        Assert.Equal("EHLO x\r\n", result.Text());
        Assert.False(result.IsCompleted || result.IsCanceled);
    }

    [Fact]
    public async Task ReadAsync_OctetsArrivedBefore_ReturnsThem()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        await peer.SayAsync("one");

        Assert.Equal("one", (await connection.Transport.Input.ReadAsync(Token)).Text());
    }

    [Fact]
    public async Task AdvanceTo_NotAllExamined_ReturnsTheRestAtOnce()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        var input = connection.Transport.Input;
        await peer.SayAsync("onetwo");
        var first = await input.ReadAtLeastExaminedAsync(6);

        input.AdvanceTo(first.Buffer.GetPosition(3), first.Buffer.GetPosition(3));

        var second = input.ReadAsync(Token);
        Assert.True(second.IsCompletedSuccessfully);
        Assert.Equal("two", (await second).Text());
    }

    [Fact]
    public async Task AdvanceTo_AllExamined_WaitsAndJoinsWhatComes()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        var input = connection.Transport.Input;
        await peer.SayAsync("on");
        var first = await input.ReadAsync(Token);
        input.AdvanceTo(first.Buffer.Start, first.Buffer.End);
        Assert.False(input.TryRead(out _));

        var second = input.ReadAsync(Token);
        Assert.False(second.IsCompleted);
        await peer.SayAsync("e");

        Assert.Equal("one", (await second).Text());
    }

    [Fact]
    public async Task ReadAsync_ManyBlocksKept_AreOneSequence()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        var octets = new byte[300_000];
        Random.Shared.NextBytes(octets);
        var sending = peer.SendAsync(octets, Token);

        var result = await connection.Transport.Input.ReadAtLeastExaminedAsync(octets.Length);

        Assert.Equal(octets, result.Buffer.ToArray());
        Assert.False(result.Buffer.IsSingleSegment);
        await sending;
        connection.Transport.Input.AdvanceTo(result.Buffer.End);
        Assert.False(connection.Transport.Input.TryRead(out _));
    }

    [Theory]
    [InlineData(16_384, 16_384)]
    [InlineData(65_536, 65_536)]
    [InlineData(262_144, 262_144)]
    public async Task ReadAsync_BodyInFlow_BlocksGrowUpToTheBound(int maxReadBlock, int largest)
    {
        await using var transport = await TestTransport.StartAsync(maxReadBlock: maxReadBlock);
        var (connection, peer) = await transport.OpenAsync();
        var octets = new byte[600_000];
        var sending = peer.SendAsync(octets, Token);

        var result = await connection.Transport.Input.ReadAtLeastExaminedAsync(octets.Length);

        var blocks = new List<int>();
        foreach (var block in result.Buffer)
        {
            blocks.Add(block.Length);
        }

        Assert.All(blocks, block => Assert.InRange(block, 1, largest));
        Assert.True(maxReadBlock < 262_144 || blocks.Max() > 65_536, $"The largest block has {blocks.Max()} octets.");
        await sending;
        connection.Transport.Input.AdvanceTo(result.Buffer.End);
    }

    [Fact]
    public async Task CancelPendingRead_ReadWaits_EndsItOnly()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        var input = connection.Transport.Input;
        var reading = input.ReadAsync(Token);

        input.CancelPendingRead();

        var result = await reading;
        Assert.True(result.IsCanceled && result.Buffer.IsEmpty && !result.IsCompleted);
        input.AdvanceTo(result.Buffer.End);
        await peer.SayAsync("x");
        Assert.Equal("x", (await input.ReadAsync(Token)).Text());
    }

    [Fact]
    public async Task CancelPendingRead_NobodyReads_EndsTheNextReadOnce()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, _) = await transport.OpenAsync();
        var input = connection.Transport.Input;

        input.CancelPendingRead();

        Assert.True(input.TryRead(out var result));
        Assert.True(result.IsCanceled);
        input.AdvanceTo(result.Buffer.End);
        Assert.False(input.TryRead(out _));
    }

    [Fact]
    public async Task ReadAsync_TokenCancelled_ThrowsAndTheNextReadGoesOn()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        using var cancellation = new CancellationTokenSource();
        var reading = connection.Transport.Input.ReadAsync(cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
        await peer.SayAsync("x");
        Assert.Equal("x", (await connection.Transport.Input.ReadAsync(Token)).Text());
    }

    [Fact]
    public async Task ReadAsync_OctetsAndEndTogether_ReturnsBoth()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        var input = connection.Transport.Input;
        await peer.SayAsync("QUIT\r\n");
        peer.Shutdown(SocketShutdown.Send);

        var first = await input.ReadAsync(Token);
        Assert.Equal("QUIT\r\n", first.Text());
        input.AdvanceTo(first.Buffer.Start, first.Buffer.End);
        var last = await input.ReadAsync(Token);

        Assert.True(last.IsCompleted);
        Assert.Equal("QUIT\r\n", last.Text());
        input.AdvanceTo(last.Buffer.End);
        Assert.True(input.TryRead(out var again) && again.IsCompleted && again.Buffer.IsEmpty);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReadAsync_PeerResets_Throws(bool whileWaiting)
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        var reading = whileWaiting ? connection.Transport.Input.ReadAsync(Token) : default;

        peer.Reset();

        await Assert.ThrowsAsync<ConnectionResetException>(async () => await (whileWaiting ? reading : connection.Transport.Input.ReadAsync(Token)));
        Assert.Throws<ConnectionResetException>(() => connection.Transport.Input.TryRead(out _));
    }

    [Fact]
    public async Task ReadAsync_OctetsThenReset_ReturnsTheOctetsFirst()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        await peer.SayAsync("250 ok\r\n");
        peer.Reset();

        var result = await connection.Transport.Input.ReadAsync(Token);
        Assert.Equal("250 ok\r\n", result.Text());
        connection.Transport.Input.AdvanceTo(result.Buffer.End);
        await Assert.ThrowsAsync<ConnectionResetException>(async () => await connection.Transport.Input.ReadAsync(Token));
    }

    [Fact]
    public async Task ReadAsync_ConnectionDisposedMeanwhile_Throws()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, _) = await transport.OpenAsync();
        var reading = connection.Transport.Input.ReadAsync(Token);

        await connection.DisposeAsync();

        await Assert.ThrowsAsync<ConnectionAbortedException>(async () => await reading);
    }

    [Fact]
    public async Task AdvanceTo_AfterDispose_LeavesTheOctetsReadable()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        await peer.SayAsync("421 bye\r\n");
        var result = await connection.Transport.Input.ReadAsync(Token);

        await connection.DisposeAsync();

        Assert.Equal("421 bye\r\n", result.Text());
        connection.Transport.Input.AdvanceTo(result.Buffer.End);
    }

    [Fact]
    public async Task ReadAsync_WhileOneIsPending_Throws()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, _) = await transport.OpenAsync();
        var reading = connection.Transport.Input.ReadAsync(Token);

        Assert.Throws<InvalidOperationException>(() => connection.Transport.Input.TryRead(out _));

        connection.Transport.Input.CancelPendingRead();
        await reading;
    }
}
