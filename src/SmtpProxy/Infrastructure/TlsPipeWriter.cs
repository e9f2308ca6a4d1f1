using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;

namespace SmtpProxy.Infrastructure;

/// <summary>Writes under TLS. Octets are gathered until the flush, so that a batch of replies is one record and one write.</summary>
/// <remarks>A lost connection is a completed <see cref="FlushResult"/>, never an exception. A flush that is given up ends the connection, because
/// nobody can know how much of it went out.</remarks>
internal sealed class TlsPipeWriter(SslStream tls) : PipeWriter, IDisposable
{
    private const int Block = 4096;

    private readonly CancellationTokenSource _abandon = new();
    private byte[] _block = [];
    private int _length;
    private volatile bool _isClosed;
    private volatile bool _isSending;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _length;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _block.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _block.Length - _length);
        _length += bytes;
    }

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var (block, length) = (_block, _length);
        (_block, _length) = ([], 0);
        if (length == 0 || _isClosed)
        {
            Return(block);
            return new FlushResult(isCanceled: false, _isClosed);
        }

        using var registration = cancellationToken.UnsafeRegister(static writer => ((TlsPipeWriter)writer!).CancelPendingFlush(), this);
        _isSending = true;
        try
        {
            await tls.WriteAsync(block.AsMemory(0, length), _abandon.Token);
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            _isClosed = true;
        }
        finally
        {
            _isSending = false;
            Return(block);
        }

        return new FlushResult(isCanceled: false, _isClosed);
    }

    public override void CancelPendingFlush()
    {
        if (_isSending)
        {
            _isClosed = true;
            _abandon.Cancel();
        }
    }

    public override void Complete(Exception? exception = null) => Dispose();

    /// <summary>From now on nothing is sent.</summary>
    public void Dispose() => _isClosed = true;

    private void Reserve(int size)
    {
        if (_block.Length - _length >= size)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(_length + size, 2 * _block.Length), Block));
        _block.AsSpan(0, _length).CopyTo(larger);
        Return(_block);
        _block = larger;
    }

    private static void Return(byte[] block)
    {
        if (block.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
