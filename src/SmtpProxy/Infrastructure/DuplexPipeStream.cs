using System.Buffers;
using System.IO.Pipelines;

namespace SmtpProxy.Infrastructure;

/// <summary>Two pipes as a stream, for TLS to run on. Cancelled reads of the pipe that nobody asked this stream for are read again.</summary>
/// <remarks>A write that is given up breaks the stream: nobody can know how much of a TLS record is on its way.</remarks>
internal sealed class DuplexPipeStream(IDuplexPipe transport) : Stream
{
    private readonly PipeReader _input = transport.Input;
    private readonly PipeWriter _output = transport.Output;
    private volatile bool _isBroken;
    private volatile bool _isInputEnding;

    /// <summary>The handshake that uses the stream at present: what had to wait goes on as it says.</summary>
    public HandshakeTurn? Handshake { get; set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads find the end from now on, also the one that waits: an exception would be thrown again by every layer above.</summary>
    public void EndInput()
    {
        _isInputEnding = true;
        _input.CancelPendingRead();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_isInputEnding)
        {
            var reading = _input.ReadAsync(cancellationToken);
            var result = await (reading.IsCompleted || Handshake is not { } turn ? reading : turn.WaitAsync(reading, cancellationToken));
            var received = result.Buffer;
            if (received.IsEmpty)
            {
                _input.AdvanceTo(received.End);
                if (result.IsCompleted)
                {
                    return 0;
                }

                continue;
            }

            // A read into nothing waits for octets and leaves them where they are.
            var count = (int)Math.Min(received.Length, buffer.Length);
            var taken = received.Slice(0, count);
            taken.CopyTo(buffer.Span);
            _input.AdvanceTo(taken.End);
            return count;
        }

        return 0;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isBroken)
        {
            throw new IOException("The connection is broken.");
        }

        _isBroken = true;
        var writing = _output.WriteAsync(buffer, cancellationToken);
        var flushed = await (writing.IsCompleted || Handshake is not { } turn ? writing : turn.WaitAsync(writing, cancellationToken));
        _isBroken = flushed.IsCanceled || flushed.IsCompleted;
        if (_isBroken)
        {
            throw new IOException("The connection is closed.");
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // Each write is flushed already.
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
