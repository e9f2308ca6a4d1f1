using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace SmtpProxy.TransportTests.Pipes;

public sealed class EpollPipeWriterTests
{
    // More than the buffers of both sockets take.
    private const int Much = 10 * 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FlushAsync_SeveralWrites_ArriveInOrder()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        connection.Transport.Output.Write("250-a\r\n"u8);
        connection.Transport.Output.Write("250 b\r\n"u8);
        Assert.Equal(14, connection.Transport.Output.UnflushedBytes);

        var flushing = connection.Transport.Output.FlushAsync(Token);

        Assert.True(flushing.IsCompletedSuccessfully);
        Assert.False((await flushing).IsCompleted);
        Assert.Equal(0, connection.Transport.Output.UnflushedBytes);
        await connection.DisposeAsync();
        Assert.Equal("250-a\r\n250 b\r\n", Encoding.ASCII.GetString(await peer.ReadToEndAsync()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WriteAsync_PeerIsSlow_EndsWhenAllIsTaken(bool inline)
    {
        await using var transport = await TestTransport.StartAsync(inline);
        var (connection, peer) = await transport.OpenAsync(receiveBuffer: 8192);
        var octets = new byte[Much];
        new Random(1).NextBytes(octets);
        connection.Transport.Output.Write("first"u8);

        var writing = connection.Transport.Output.WriteAsync(octets, Token);
        Assert.False(writing.IsCompleted);
        var reading = peer.ReadToEndAsync();
        Assert.False((await writing).IsCompleted);
        await connection.DisposeAsync();

        var received = await reading;
        Assert.Equal("first"u8, received.AsSpan(0, 5));
        Assert.True(octets.AsSpan().SequenceEqual(received.AsSpan(5)));
    }

    [Fact]
    public async Task CancelPendingFlush_FlushWaits_TheNextOneSendsTheRest()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync(receiveBuffer: 8192);
        var octets = new byte[Much];
        new Random(2).NextBytes(octets);
        var copy = octets.ToArray();
        var writing = connection.Transport.Output.WriteAsync(octets, Token);

        connection.Transport.Output.CancelPendingFlush();

        Assert.True((await writing).IsCanceled);
        octets.AsSpan().Clear();
        var reading = peer.ReadToEndAsync();
        connection.Transport.Output.Write("last"u8);
        Assert.False((await connection.Transport.Output.FlushAsync(Token)).IsCanceled);
        await connection.DisposeAsync();
        var received = await reading;
        Assert.True(copy.AsSpan().SequenceEqual(received.AsSpan(0, Much)));
        Assert.Equal("last"u8, received.AsSpan(Much));
    }

    [Fact]
    public async Task CancelPendingFlush_NobodyFlushes_EndsTheNextFlushOnce()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, _) = await transport.OpenAsync();

        connection.Transport.Output.CancelPendingFlush();

        Assert.True((await connection.Transport.Output.FlushAsync(Token)).IsCanceled);
        Assert.False((await connection.Transport.Output.FlushAsync(Token)).IsCanceled);
    }

    [Fact]
    public async Task FlushAsync_TokenCancelled_Throws()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, _) = await transport.OpenAsync(receiveBuffer: 8192);
        using var cancellation = new CancellationTokenSource();
        var writing = connection.Transport.Output.WriteAsync(new byte[Much], cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await writing);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FlushAsync_PeerResets_IsCompleted(bool whileWaiting)
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync(receiveBuffer: 8192);
        var writing = whileWaiting ? connection.Transport.Output.WriteAsync(new byte[Much], Token) : default;

        peer.Reset();

        if (!whileWaiting)
        {
            // The reset has arrived when the reader knows.
            await Assert.ThrowsAsync<ConnectionResetException>(async () => await connection.Transport.Input.ReadAsync(Token));
            writing = connection.Transport.Output.WriteAsync(new byte[10], Token);
        }

        Assert.True((await writing).IsCompleted);
        Assert.True((await connection.Transport.Output.FlushAsync(Token)).IsCompleted);
    }

    [Fact]
    public async Task FlushAsync_WriterMeetsTheReset_TheReaderLearnsOfIt()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        peer.Reset();
        while (!(await connection.Transport.Output.WriteAsync(new byte[10], Token)).IsCompleted)
        {
            await Task.Yield();
        }

        await Assert.ThrowsAsync<ConnectionResetException>(async () => await connection.Transport.Input.ReadAsync(Token));
    }

    [Fact]
    public async Task Complete_InputStaysOpen()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        connection.Transport.Output.Write("bye"u8);

        await connection.Transport.Output.CompleteAsync();

        Assert.Equal("bye", Encoding.ASCII.GetString(await peer.ReadToEndAsync()));
        await peer.SayAsync("still here");
        Assert.Equal("still here", (await connection.Transport.Input.ReadAsync(Token)).Text());
    }

    [Fact]
    public async Task Complete_WithMuchLeft_SendsItThenEndsTheStream()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync(receiveBuffer: 8192);
        connection.Transport.Output.Write(new byte[Much]);

        await connection.Transport.Output.CompleteAsync();

        Assert.Equal(Much, (await peer.ReadToEndAsync()).Length);
    }

    [Fact]
    public async Task FlushAsync_ConnectionDisposedMeanwhile_IsCompleted()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, _) = await transport.OpenAsync(receiveBuffer: 8192);
        var writing = connection.Transport.Output.WriteAsync(new byte[Much], Token);

        await connection.DisposeAsync();

        Assert.True((await writing).IsCompleted);
    }

    [Fact]
    public async Task WriteAsync_WhileAFlushIsPending_Throws()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync(receiveBuffer: 8192);
        var writing = connection.Transport.Output.WriteAsync(new byte[Much], Token);

        Assert.Throws<InvalidOperationException>(() => connection.Transport.Output.GetMemory());

        peer.Shutdown(SocketShutdown.Both);
        peer.Dispose();
        await writing;
    }
}
