using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Relay;
using Xunit;

namespace SmtpProxy.Tests.Relay;

public sealed class ChunkRelayTests : IDisposable
{
    private static readonly TimeSpan ClientTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ServerTimeout = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly Pipe _fromClient = NewPipe(pauseAt: 8192);
    private readonly Pipe _toServer = NewPipe(pauseAt: 4096);
    private readonly ClientChannel _client;
    private readonly BackendSession _server;

    public ChunkRelayTests()
    {
        _client = new ClientChannel(new Duplex(_fromClient.Reader, new Pipe().Writer), "session", _time);
        var model = new DestinationModel(new DestinationConfig(), new ConnectionConfig(), "127.0.0.1", 25);
        _server = new BackendSession(
            new DestinationState("pool", "b1", model), new IPEndPoint(IPAddress.Loopback, 25),
            new Duplex(new Pipe().Reader, _toServer.Writer), new CancellationTokenSource(), _time);
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task RunAsync_OctetsInPieces_GoOnUnchangedAndWhatFollowsStays()
    {
        var relay = NewRelay(_server);
        var running = relay.RunAsync(new Chunk(7, IsLast: true)).AsTask();
        await WriteAsync("\r\n.\r");
        await WriteAsync("\n.\nNOOP\r\n");
        Assert.Equal(BodyEnd.Sent, await running);
        Assert.Equal("BDAT 7 LAST\r\n\r\n.\r\n.\n", await TakenByServerAsync());
        Assert.Equal((7L, true, 1), (relay.Bytes, relay.MayBeComplete, _server.Outstanding));
        Assert.True(_client.TryRead(out var rest));
        Assert.Equal("NOOP\r\n", Encoding.Latin1.GetString(rest.Buffer.FirstSpan));
    }

    [Fact]
    public async Task RunAsync_NoOctets_WaitsForNobody()
    {
        Assert.Equal(BodyEnd.Sent, await NewRelay(_server).RunAsync(new Chunk(0, IsLast: true)));
        Assert.Equal("BDAT 0 LAST\r\n", await TakenByServerAsync());
    }

    [Fact]
    public async Task RunAsync_NoServer_SwallowsTheOctetsAlone()
    {
        var running = NewRelay(server: null).RunAsync(new Chunk(6, IsLast: false)).AsTask();
        await WriteAsync("RSET\r\nQUIT\r\n");
        Assert.Equal(BodyEnd.Sent, await running);
        Assert.True(_client.TryRead(out var rest));
        Assert.Equal(6, rest.Buffer.Length);
    }

    [Fact]
    public async Task RunAsync_ServerTakesNothing_StopsTheClient()
    {
        var running = NewRelay(_server).RunAsync(new Chunk(100_000, IsLast: false)).AsTask();
        var written = 0;
        while (await TryWriteAsync(new string('x', 1000)))
        {
            written += 1000;
            Assert.True(written < 20_000, "the client was never stopped");
        }

        Assert.False(running.IsCompleted);
    }

    [Fact]
    public async Task RunAsync_ServerTakesNothingForTooLong_SwallowsTheRest()
    {
        var relay = NewRelay(_server);
        var running = relay.RunAsync(new Chunk(6000, IsLast: true)).AsTask();
        await WriteAsync(new string('x', 5000));
        _time.Advance(ServerTimeout);
        Assert.False(running.IsCompleted);
        await WriteAsync(new string('x', 1000));
        Assert.Equal(BodyEnd.ServerLost, await running);
        Assert.Equal((5000L, false), (relay.Bytes, relay.MayBeComplete));
    }

    [Fact]
    public async Task RunAsync_ServerGoneAtTheFinalOctet_MayHaveItAll()
    {
        var relay = NewRelay(_server);
        var running = relay.RunAsync(new Chunk(4, IsLast: true)).AsTask();
        await WriteAsync("ab");
        await _toServer.Reader.CompleteAsync();
        await WriteAsync("cd");
        Assert.Equal(BodyEnd.ServerLost, await running);
        Assert.True(relay.MayBeComplete);
    }

    [Fact]
    public async Task RunAsync_ServerGoneBefore_CannotHaveItAll()
    {
        var relay = NewRelay(_server);
        var running = relay.RunAsync(new Chunk(4, IsLast: true)).AsTask();
        await _toServer.Reader.CompleteAsync();
        await WriteAsync("ab");
        await WriteAsync("cd");
        Assert.Equal(BodyEnd.ServerLost, await running);
        Assert.False(relay.MayBeComplete);
    }

    [Fact]
    public async Task RunAsync_ClientSilentOrGoneOrUnwanted_EndsWithoutTheRest()
    {
        var silent = NewRelay(_server).RunAsync(new Chunk(4, IsLast: true)).AsTask();
        await WriteAsync("ab");
        _time.Advance(ClientTimeout);
        Assert.Equal(BodyEnd.ClientTimedOut, await silent);

        var unwanted = NewRelay(server: null).RunAsync(new Chunk(4, IsLast: true)).AsTask();
        _client.End();
        Assert.Equal(BodyEnd.Ended, await unwanted);

        var gone = NewRelay(server: null).RunAsync(new Chunk(4, IsLast: true)).AsTask();
        await _fromClient.Writer.CompleteAsync();
        Assert.Equal(BodyEnd.ClientClosed, await gone);
    }

    [Fact]
    public async Task RunAsync_ClientGoneBehindTheFinalOctet_IsSent()
    {
        await WriteAsync("abcd");
        await _fromClient.Writer.CompleteAsync();
        Assert.Equal(BodyEnd.Sent, await NewRelay(_server).RunAsync(new Chunk(4, IsLast: true)));
    }

    private ChunkRelay NewRelay(BackendSession? server) => new(_client, server, ClientTimeout, ServerTimeout);

    // Inline: when a write returns, all that it leads to has happened.
    private static Pipe NewPipe(long pauseAt) => new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: pauseAt,
        resumeWriterThreshold: pauseAt / 2, useSynchronizationContext: false));

    private async Task WriteAsync(string text) => Assert.True(await TryWriteAsync(text));

    /// <summary>False when the pipe is full.</summary>
    private async Task<bool> TryWriteAsync(string text)
    {
        var write = _fromClient.Writer.WriteAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);
        return write.IsCompleted && !(await write).IsCompleted;
    }

    private async Task<string> TakenByServerAsync()
    {
        var result = await _toServer.Reader.ReadAsync(TestContext.Current.CancellationToken);
        return Encoding.Latin1.GetString(result.Buffer.FirstSpan);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
