using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace SmtpProxy.TransportTests.Pipes;

/// <summary>What is flushed on a loop's thread is sent at the end of its turn.</summary>
public sealed class DeferredSendTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FlushAsync_SeveralInOneTurn_LeaveTogetherAfterIt()
    {
        await using var transport = await TestTransport.StartAsync(loops: 1);
        var (connection, peer) = await transport.OpenAsync();

        await OnLoopAsync(connection, () =>
        {
            Assert.True(FlushNow(connection, "250-a\r\n"));
            Assert.True(FlushNow(connection, "250 b\r\n"));
            Assert.Equal(0, connection.Transport.Output.UnflushedBytes);
            Assert.False(peer.Poll(0, SelectMode.SelectRead));
        });

        var block = new byte[100];
        Assert.Equal("250-a\r\n250 b\r\n", Encoding.ASCII.GetString(block, 0, await peer.ReceiveAsync(block, Token)));
    }

    [Fact]
    public async Task WriteAsync_CallersOctets_AreSentAsTheyWere()
    {
        await using var transport = await TestTransport.StartAsync(loops: 1);
        var (connection, peer) = await transport.OpenAsync();
        var octets = "354 go on\r\n"u8.ToArray();

        await OnLoopAsync(connection, () =>
        {
            var writing = connection.Transport.Output.WriteAsync(octets, Token);
            Assert.True(writing.IsCompletedSuccessfully);
            octets.AsSpan().Clear();
        });

        await connection.DisposeAsync();
        Assert.Equal("354 go on\r\n", Encoding.ASCII.GetString(await peer.ReadToEndAsync()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Close_InTheTurnOfTheFlush_SendsIt(bool completes)
    {
        await using var transport = await TestTransport.StartAsync(loops: 1);
        var (connection, peer) = await transport.OpenAsync();

        await OnLoopAsync(connection, () =>
        {
            Assert.True(FlushNow(connection, "221 bye\r\n"));
            if (completes)
            {
                connection.Transport.Output.Complete();
            }

            var closing = connection.DisposeAsync();
            Assert.True(closing.IsCompletedSuccessfully);
        });

        Assert.Equal("221 bye\r\n", Encoding.ASCII.GetString(await peer.ReadToEndAsync()));
    }

    [Fact]
    public async Task WriteAsync_TheReaderKnowsOfAReset_IsCompletedAtOnce()
    {
        await using var transport = await TestTransport.StartAsync(loops: 1);
        var (connection, peer) = await transport.OpenAsync();
        peer.Reset();
        await Assert.ThrowsAsync<ConnectionResetException>(async () => await connection.Transport.Input.ReadAsync(Token));

        ValueTask<FlushResult> writing = default;
        await OnLoopAsync(connection, () => writing = connection.Transport.Output.WriteAsync("250 ok\r\n"u8.ToArray(), Token));

        Assert.True((await writing).IsCompleted);
    }

    [Fact]
    public async Task WriteAsync_OffTheLoopWhileATurnsFlushWaits_StaysBehindIt()
    {
        await using var transport = await TestTransport.StartAsync(loops: 1);
        var (connection, peer) = await transport.OpenAsync();
        using var isFlushed = new ManualResetEventSlim();
        using var isWritten = new ManualResetEventSlim();

        var turn = OnLoopAsync(connection, () =>
        {
            Assert.True(FlushNow(connection, "first"));
            isFlushed.Set();
            Assert.True(isWritten.Wait(TimeSpan.FromSeconds(20), Token));
        });
        Assert.True(isFlushed.Wait(TimeSpan.FromSeconds(20), Token));
        Assert.True(FlushNow(connection, " second"));
        connection.Transport.Output.Write(" third"u8);
        isWritten.Set();
        await turn;
        await connection.Transport.Output.FlushAsync(Token);

        await connection.DisposeAsync();
        Assert.Equal("first second third", Encoding.ASCII.GetString(await peer.ReadToEndAsync()));
    }

    [Fact]
    public async Task FlushAsync_PeerTakesNothing_WaitsInTheEnd()
    {
        await using var transport = await TestTransport.StartAsync(loops: 1);
        var (connection, peer) = await transport.OpenAsync(receiveBuffer: 8192);
        var text = new string('x', 8000);
        var flushes = 0;
        var isWaiting = false;
        Task<FlushResult>? waiting = null;

        while (!isWaiting)
        {
            await OnLoopAsync(connection, () =>
            {
                connection.Transport.Output.Write(Encoding.ASCII.GetBytes(text));
                var flushing = connection.Transport.Output.FlushAsync(Token);
                isWaiting = !flushing.IsCompleted;
                waiting = flushing.AsTask();
            });
            flushes++;
        }

        var reading = peer.ReadToEndAsync();
        Assert.False((await waiting!).IsCompleted);
        await connection.DisposeAsync();
        Assert.Equal(flushes * text.Length, (await reading).Length);
    }

    [Fact]
    public async Task FlushAsync_PeerIsGone_EndsTheReading()
    {
        await using var transport = await TestTransport.StartAsync(loops: 1);
        var (connection, peer) = await transport.OpenAsync();
        var reading = connection.Transport.Input.ReadAsync(Token).AsTask();
        peer.Reset();

        await OnLoopAsync(connection, () => FlushNow(connection, "250 ok\r\n"));

        await Assert.ThrowsAnyAsync<IOException>(() => reading.WaitAsync(TimeSpan.FromSeconds(20), Token));
        Assert.True((await connection.Transport.Output.FlushAsync(Token)).IsCompleted);
    }

    private static bool FlushNow(ConnectionContext connection, string text)
    {
        connection.Transport.Output.Write(Encoding.ASCII.GetBytes(text));
        var flushing = connection.Transport.Output.FlushAsync(Token);
        return flushing.IsCompletedSuccessfully;
    }

    private static async Task OnLoopAsync(ConnectionContext connection, Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Features.Get<PipeScheduler>()!.Schedule(
            _ =>
            {
                try
                {
                    action();
                    done.SetResult();
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            },
            state: null);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
    }
}
