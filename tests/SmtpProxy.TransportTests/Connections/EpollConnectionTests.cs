using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SmtpProxy.Transport.Connections;
using SmtpProxy.Transport.Loops;
using Xunit;

namespace SmtpProxy.TransportTests.Connections;

public sealed class EpollConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Abort_PeerSeesAReset()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();

        connection.Abort();

        var error = await Assert.ThrowsAsync<SocketException>(peer.ReadToEndAsync);
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    [Fact]
    public async Task DisposeAsync_PeerHadMoreToSay_StillGetsTheLastReply()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        await peer.SayAsync("EHLO early\r\n");
        connection.Transport.Output.Write("554 no\r\n"u8);
        await connection.Transport.Output.FlushAsync(Token);

        await connection.DisposeAsync();

        Assert.Equal("554 no\r\n", Encoding.ASCII.GetString(await peer.ReadToEndAsync()));
    }

    [Fact]
    public async Task DisposeAsync_PeerHasSpokenAndTheLoopHasNotHeard_StillGetsTheLastReply()
    {
        await using var transport = await TestTransport.StartAsync(loops: 1);
        var (connection, peer) = await transport.OpenAsync();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        transport.Transport.Loops[0].Post(new LoopWork(async () =>
        {
            // Of what comes during this the loop learns after it.
            var reading = connection.Transport.Input.ReadAsync(Token);
            connection.Transport.Output.Write("421 bye\r\n"u8);
            await connection.Transport.Output.FlushAsync(Token);
            peer.Send("PROXY "u8);
            await connection.DisposeAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
            done.SetResult();
        }));

        Assert.Equal("421 bye\r\n", Encoding.ASCII.GetString(await peer.ReadToEndAsync()));
        await done.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public async Task EndPoints_AreThoseOfTheSocket()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();

        Assert.Equal(peer.LocalEndPoint, connection.RemoteEndPoint);
        Assert.Equal(peer.RemoteEndPoint, connection.LocalEndPoint);
    }

    [Fact]
    public async Task EndPoints_IPv6Wildcard_TakesIPv4Too()
    {
        await using var transport = await TestTransport.StartAsync();
        await using var listener = await transport.Transport.Listeners.BindAsync(new IPEndPoint(IPAddress.IPv6Any, 0), Token);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await peer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)listener.EndPoint).Port), Token);

        await using var connection = await listener.AcceptAsync(Token);

        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)connection!.RemoteEndPoint!).Address.MapToIPv4());
        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)connection.LocalEndPoint!).Address.MapToIPv4());
    }

    [Fact]
    public async Task ConnectionClosed_PeerEndsItsStream_IsCancelled()
    {
        await using var transport = await TestTransport.StartAsync();
        var (connection, peer) = await transport.OpenAsync();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = connection.ConnectionClosed.Register(closed.SetResult);
        var reading = connection.Transport.Input.ReadAsync(Token);

        peer.Shutdown(SocketShutdown.Send);

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.True((await reading).IsCompleted);
    }

    [Fact]
    public async Task ConnectAsync_NobodyListens_ThrowsConnectionRefused()
    {
        await using var transport = await TestTransport.StartAsync();
        await transport.Listener.UnbindAsync(Token);

        var error = await Assert.ThrowsAsync<SocketException>(async () => await transport.Transport.Connections.ConnectAsync(transport.EndPoint, Token));

        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    [Fact]
    public async Task ConnectAsync_ServerSpeaksFirst_IsRead()
    {
        await using var transport = await TestTransport.StartAsync();
        var accepted = transport.Listener.AcceptAsync(Token);
        await using var client = await transport.Transport.Connections.ConnectAsync(transport.EndPoint, Token);
        await using var server = await accepted;

        await server!.Transport.Output.WriteAsync("220 hi\r\n"u8.ToArray(), Token);

        Assert.Equal("220 hi\r\n", (await client.Transport.Input.ReadAsync(Token)).Text());
    }

    [Fact]
    public async Task ConnectAsync_QueueOfTheServerIsFull_HeedsTheToken()
    {
        await using var transport = await TestTransport.StartAsync();
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var patience = new CancellationTokenSource();
        var waiting = new List<Task>();
        for (var i = 0; i < 4; i++)
        {
            waiting.Add(transport.Transport.Connections.ConnectAsync(full.LocalEndPoint!, patience.Token).AsTask());
        }

        Assert.Contains(waiting, static connect => !connect.IsCompleted);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
    }

    [Fact]
    public async Task ConnectAsync_FromALoop_GoesOnOnThatLoop()
    {
        await using var transport = await TestTransport.StartAsync(loops: 4);
        var loop = transport.Transport.Loops[2];
        var seen = new List<EpollLoop?>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        loop.Post(new LoopWork(async () =>
        {
            for (var i = 0; i < 8; i++)
            {
                var client = await transport.Transport.Connections.ConnectAsync(transport.EndPoint, Token);
                seen.Add(EpollLoop.Current);
                seen.Add(((EpollConnection)client).Socket.Loop);
                await client.DisposeAsync();
            }

            done.SetResult();
        }));

        await done.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        Assert.Equal(16, seen.Count);
        Assert.All(seen, at => Assert.Same(loop, at));
    }

    [Fact]
    public async Task AcceptAsync_Unbound_ReturnsNull()
    {
        await using var transport = await TestTransport.StartAsync();
        var accepting = transport.Listener.AcceptAsync(Token);

        await transport.Listener.UnbindAsync(Token);

        Assert.Null(await accepting);
        Assert.Null(await transport.Listener.AcceptAsync(Token));
    }

    [Fact]
    public async Task BindAsync_AddressInUse_Throws()
    {
        await using var transport = await TestTransport.StartAsync();

        var error = await Assert.ThrowsAsync<SocketException>(async () => await transport.Transport.Listeners.BindAsync(transport.EndPoint, Token));

        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
    }

    [Fact]
    public async Task TransportDisposed_ReadWaits_Ends()
    {
        var transport = await TestTransport.StartAsync();
        var (connection, _) = await transport.OpenAsync();
        var reading = connection.Transport.Input.ReadAsync(Token);
        await Task.Run(static () => { }, Token);

        await transport.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
    }
}
