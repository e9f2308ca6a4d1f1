namespace SmtpProxy.Tests.Accounting;

/// <summary>A stream whose writes wait until it is opened, or fail.</summary>
internal sealed class GatedStream : Stream
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryStream _written = new();

    /// <summary>Done when the first write has begun.</summary>
    public Task Entered => _entered.Task;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Open() => _gate.TrySetResult();

    public void Break() => _gate.TrySetException(new IOException("Broken pipe."));

    public string Text() => System.Text.Encoding.ASCII.GetString(_written.ToArray());

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _entered.TrySetResult();
        await _gate.Task;
        _written.Write(buffer.Span);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
