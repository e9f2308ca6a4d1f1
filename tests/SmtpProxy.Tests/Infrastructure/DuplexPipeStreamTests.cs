using System.IO.Pipelines;
using System.Text;
using SmtpProxy.Infrastructure;
using Xunit;

namespace SmtpProxy.Tests.Infrastructure;

public sealed class DuplexPipeStreamTests : IDisposable
{
    private readonly Pipe _input = new();
    private readonly DuplexPipeStream _stream;

    public DuplexPipeStreamTests() => _stream = new DuplexPipeStream(new Pair(_input.Reader, new Pipe().Writer));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EndInput_ReadWaits_ItFindsTheEndWithoutAFault()
    {
        var reading = _stream.ReadAsync(new byte[10], Token).AsTask();
        Assert.False(reading.IsCompleted);

        _stream.EndInput();

        Assert.Equal(0, await reading);
    }

    [Fact]
    public async Task EndInput_OctetsWait_NoneIsRead()
    {
        await _input.Writer.WriteAsync("more"u8.ToArray(), Token);

        _stream.EndInput();

        Assert.Equal(0, await _stream.ReadAsync(new byte[10], Token));
        Assert.Equal(0, await _stream.ReadAsync(new byte[10], Token));
    }

    [Fact]
    public async Task ReadAsync_CancelledReadThatNobodyAskedFor_IsReadAgain()
    {
        var block = new byte[10];
        var reading = _stream.ReadAsync(block, Token).AsTask();
        _input.Reader.CancelPendingRead();
        Assert.False(reading.IsCompleted);

        await _input.Writer.WriteAsync("more"u8.ToArray(), Token);

        Assert.Equal("more", Encoding.ASCII.GetString(block, 0, await reading));
    }

    public void Dispose() => _stream.Dispose();

    private sealed record Pair(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
