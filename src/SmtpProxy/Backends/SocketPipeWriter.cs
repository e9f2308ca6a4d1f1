using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Pipelines.Sockets.Unofficial;
using SmtpProxy.Infrastructure;

namespace SmtpProxy.Backends;

/// <summary>Writes to a socket. Octets are gathered until the flush and leave in one call; a flush ends when the kernel has taken them, which is the
/// back-pressure. A write of a whole block with nothing before it goes out from where it lies, without a copy.</summary>
/// <remarks>A lost connection is a completed <see cref="FlushResult"/>, never an exception. A flush that is given up closes the connection, because nobody
/// can know how much of it went out.</remarks>
internal sealed class SocketPipeWriter(Socket socket) : PipeWriter, IDisposable
{
    // Held only from the first write to the end of the flush: large enough for a body costs a command nothing.
    private const int Block = 65536;

    private readonly SocketAwaitableEventArgs _operation = new();
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

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _block.AsSpan(_length);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _block.Length - _length);
        _length += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_length == 0)
        {
            return new(new FlushResult(isCanceled: false, _isClosed));
        }

        var (block, length) = (_block, _length);
        (_block, _length) = ([], 0);
        return SendAsync(block.AsMemory(0, length), block, cancellationToken);
    }

    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_length > 0 && _length + source.Length <= Block)
        {
            source.Span.CopyTo(GetSpan(source.Length));
            Advance(source.Length);
            return await FlushAsync(cancellationToken);
        }

        var flushed = await FlushAsync(cancellationToken);
        return flushed.IsCompleted || source.IsEmpty ? flushed : await SendAsync(source, rented: null, cancellationToken);
    }

    public override void CancelPendingFlush()
    {
        if (_isSending)
        {
            Dispose();
            socket.Dispose();
        }
    }

    public override void Complete(Exception? exception = null)
    {
        Dispose();
        Release();
    }

    /// <summary>From now on nothing is sent.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _operation.Dispose();
    }

    private async ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> octets, byte[]? rented, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static writer => ((SocketPipeWriter)writer!).CancelPendingFlush(), this);
        _isSending = true;
        try
        {
            while (!octets.IsEmpty && !_isClosed)
            {
                _operation.SetBuffer(MemoryMarshal.AsMemory(octets));
                if (!socket.SendAsync(_operation))
                {
                    _operation.Complete();
                }

                octets = octets[await _operation..];
            }
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            _isClosed = true;
        }
        finally
        {
            _isSending = false;
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }

        return new FlushResult(isCanceled: false, _isClosed);
    }

    private void Reserve(int size)
    {
        if (_block.Length - _length >= size)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(_length + size, 2 * _block.Length), Block));
        _block.AsSpan(0, _length).CopyTo(larger);
        var length = _length;
        Release();
        (_block, _length) = (larger, length);
    }

    private void Release()
    {
        if (_block.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_block);
        }

        (_block, _length) = ([], 0);
    }
}
