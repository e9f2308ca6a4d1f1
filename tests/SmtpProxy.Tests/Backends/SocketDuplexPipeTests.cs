using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SmtpProxy.Backends;
using Xunit;

namespace SmtpProxy.Tests.Backends;

public sealed class SocketDuplexPipeTests : IDisposable
{
    private readonly Socket _server;
    private readonly SocketDuplexPipe _pipe;

    public SocketDuplexPipeTests()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        _server = listener.Accept();
        _pipe = new SocketDuplexPipe(client);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _pipe.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task FlushAsync_SeveralWrites_SendsThemTogether()
    {
        _pipe.Output.Write("MAIL FROM:<a@example.com>\r\n"u8);
        _pipe.Output.Write("RCPT TO:<b@example.org>\r\n"u8);
        Assert.Equal(52, _pipe.Output.UnflushedBytes);
        Assert.Equal(0, _server.Available);

        var flushed = await _pipe.Output.FlushAsync(Cancelled);

        Assert.False(flushed.IsCompleted);
        Assert.Equal("MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\n", await ReceiveAsync(52));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(65_536)]
    [InlineData(200_000)]
    [InlineData(3_000_000)]
    public async Task WriteAsync_BehindWhatWasWritten_KeepsTheOrder(int size)
    {
        var body = Enumerable.Range(0, size).Select(static i => (byte)('a' + (i % 23))).ToArray();
        _pipe.Output.Write("DATA\r\n"u8);

        var writing = _pipe.Output.WriteAsync(body, Cancelled).AsTask();
        var received = await ReceiveAsync(6 + size);
        await writing;

        Assert.Equal("DATA\r\n" + Encoding.ASCII.GetString(body), received);
        Assert.Equal(0, _pipe.Output.UnflushedBytes);
    }

    [Fact]
    public async Task Write_LargerThanABlock_KeepsTheOrder()
    {
        var body = Enumerable.Range(0, 150_000).Select(static i => (byte)('a' + (i % 23))).ToArray();
        _pipe.Output.Write("DATA\r\n"u8);
        _pipe.Output.Write(body);
        _pipe.Output.Write(".\r\n"u8);

        var flushing = _pipe.Output.FlushAsync(Cancelled).AsTask();

        Assert.Equal("DATA\r\n" + Encoding.ASCII.GetString(body) + ".\r\n", await ReceiveAsync(6 + body.Length + 3));
        Assert.False((await flushing).IsCompleted);
    }

    [Fact]
    public async Task ReadAsync_ServerCloses_EndsBehindTheLastOctets()
    {
        _server.Send("221 bye\r\n"u8);
        _server.Dispose();

        Assert.Equal("221 bye\r\n", await ReadToEndAsync());
    }

    [Fact]
    public async Task ReadAsync_ReplyThenReset_StillGivesTheReply()
    {
        _server.Send("250 2.0.0 queued\r\n"u8);
        await Eventually.TrueAsync(() => Peek() > 0, "the reply has arrived");
        _server.LingerState = new LingerOption(enable: true, seconds: 0);
        _server.Dispose();

        Assert.Equal("250 2.0.0 queued\r\n", await ReadToEndAsync());
    }

    [Fact]
    public async Task FlushAsync_ServerHalfClosed_StillSends()
    {
        _server.Shutdown(SocketShutdown.Send);
        Assert.Equal("", await ReadToEndAsync());

        _pipe.Output.Write("QUIT\r\n"u8);
        Assert.False((await _pipe.Output.FlushAsync(Cancelled)).IsCompleted);

        Assert.Equal("QUIT\r\n", await ReceiveAsync(6));
    }

    [Fact]
    public async Task FlushAsync_AfterAReset_CompletesWithoutAnException()
    {
        _server.LingerState = new LingerOption(enable: true, seconds: 0);
        _server.Dispose();
        await ReadToEndAsync();

        var isLost = false;
        for (var i = 0; i < 3 && !isLost; i++)
        {
            _pipe.Output.Write("RSET\r\n"u8);
            isLost = (await _pipe.Output.FlushAsync(Cancelled)).IsCompleted;
        }

        Assert.True(isLost);
        _pipe.Output.Write("RSET\r\n"u8);
        Assert.True((await _pipe.Output.FlushAsync(Cancelled)).IsCompleted);
    }

    [Fact]
    public async Task FlushAsync_ResetWhileSending_CompletesWithoutAnException()
    {
        var flushing = await FillAsync();

        _server.LingerState = new LingerOption(enable: true, seconds: 0);
        _server.Dispose();

        Assert.True((await flushing).IsCompleted);
    }

    [Fact]
    public async Task CancelPendingFlush_ServerTakesNothing_EndsTheFlushAndTheConnection()
    {
        var flushing = await FillAsync();

        _pipe.Output.CancelPendingFlush();

        Assert.True((await flushing).IsCompleted);
        Assert.Equal("", await ReadToEndAsync());
    }

    [Fact]
    public async Task CancelPendingFlush_NothingPending_ChangesNothing()
    {
        _pipe.Output.CancelPendingFlush();

        _pipe.Output.Write("NOOP\r\n"u8);
        Assert.False((await _pipe.Output.FlushAsync(Cancelled)).IsCompleted);
        Assert.Equal("NOOP\r\n", await ReceiveAsync(6));
    }

    [Fact]
    public async Task FlushAsync_TokenCancelled_EndsTheFlush()
    {
        using var source = new CancellationTokenSource();
        var flushing = await FillAsync(source.Token);

        await source.CancelAsync();

        Assert.True((await flushing).IsCompleted);
    }

    [Fact]
    public async Task Dispose_ReadPending_EndsTheReadAndTheConnection()
    {
        var reading = _pipe.Input.ReadAsync(Cancelled).AsTask();

        _pipe.Dispose();

        Assert.True((await reading).IsCompleted);
        Assert.Equal(0, await ReceiveEndAsync());
    }

    [Fact]
    public async Task Dispose_UnflushedEndOfData_IsNeverSent()
    {
        _pipe.Output.Write("text\r\n"u8);
        await _pipe.Output.FlushAsync(Cancelled);
        _pipe.Output.Write(".\r\n"u8);

        _pipe.Dispose();
        await _pipe.Output.FlushAsync(Cancelled);

        Assert.Equal("text\r\n", await ReceiveAsync(6));
        Assert.Equal(0, await ReceiveEndAsync());
    }

    [Fact]
    public async Task Dispose_FlushPending_SendsNoMoreThanTheKernelHas()
    {
        var flushing = await FillAsync();

        _pipe.Dispose();

        Assert.True((await flushing).IsCompleted);
        Assert.True(await ReceiveEndAsync() < FillSize);
    }

    [Fact]
    public async Task ReadAsync_ServerSendsWithoutEnd_IsHeldBack()
    {
        _server.SendBufferSize = 4096;
        _server.Blocking = false;
        var sent = 0L;
        var chunk = new byte[65_536];
        for (var stalls = 0; stalls < 20;)
        {
            Assert.True(sent < 64L * 1024 * 1024, "nothing holds the server back");
            var now = _server.Send(chunk, SocketFlags.None, out var error);
            sent += now;
            stalls = error == SocketError.WouldBlock ? stalls + 1 : 0;
            await Task.Delay(TimeSpan.FromMilliseconds(error == SocketError.WouldBlock ? 5 : 0), TimeProvider.System, Cancelled);
        }

        Assert.True(_pipe.Input.TryRead(out var result));
        Assert.InRange(result.Buffer.Length, 65_536, 65_536 + 4096);
    }

    private const int FillSize = 64 * 1024 * 1024;

    // Begins a flush that the server does not let end.
    private async Task<Task<FlushResult>> FillAsync(CancellationToken? cancellationToken = null)
    {
        var flushing = _pipe.Output.WriteAsync(new byte[FillSize], cancellationToken ?? Cancelled).AsTask();
        await Eventually.TrueAsync(() => _server.Available > 0, "sending");
        Assert.False(flushing.IsCompleted);
        return flushing;
    }

    private int Peek()
    {
        if (!_pipe.Input.TryRead(out var result))
        {
            return 0;
        }

        _pipe.Input.AdvanceTo(result.Buffer.Start);
        return (int)result.Buffer.Length;
    }

    private async Task<string> ReadToEndAsync()
    {
        while (true)
        {
            var result = await _pipe.Input.ReadAsync(Cancelled);
            if (result.IsCompleted)
            {
                return Encoding.ASCII.GetString(result.Buffer.ToArray());
            }

            _pipe.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private async Task<string> ReceiveAsync(int count)
    {
        var octets = new byte[count];
        for (var have = 0; have < count;)
        {
            var now = await _server.ReceiveAsync(octets.AsMemory(have), Cancelled);
            Assert.NotEqual(0, now);
            have += now;
        }

        return Encoding.ASCII.GetString(octets);
    }

    // Octets up to the end, whether it is a FIN or a reset.
    private async Task<long> ReceiveEndAsync()
    {
        var octets = new byte[65_536];
        var total = 0L;
        try
        {
            while (await _server.ReceiveAsync(octets, Cancelled) is var count and > 0)
            {
                total += count;
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // As good an end as any.
        }

        return total;
    }
}
