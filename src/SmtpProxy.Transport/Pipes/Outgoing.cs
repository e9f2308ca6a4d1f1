using SmtpProxy.Transport.Loops;
using SmtpProxy.Transport.Native;

namespace SmtpProxy.Transport.Pipes;

/// <summary>What a connection has to send: first what was deferred to the end of the loop's turn, then what is written. All of it under the lock of the
/// socket, but for <see cref="Written"/>, which belongs to the one who writes.</summary>
internal struct Outgoing(EpollSocket socket)
{
    // Replies, commands, a short message.
    private const int DeferredLimit = 16384;

    /// <summary>What was written since the last flush, or could not be sent with it.</summary>
    public WriteBuffer Written = new();

    private DeferredOctets? _deferred;

    /// <summary>True while the system takes octets.</summary>
    public bool IsWritable { get; set; } = true;

    /// <summary>True when nothing can be sent any more.</summary>
    public bool IsLost { get; private set; }

    /// <summary>True when nothing is left to send.</summary>
    public readonly bool IsEmpty => Written.Length == 0 && _deferred is null;

    /// <summary>Leaves what is written, and <paramref name="source"/> behind it, to the end of the loop's turn. False when it has to be sent now: off
    /// the loop's thread, or much, or behind what the system did not take, or to a peer that is known to be gone: the flush says so then.</summary>
    public bool TryDefer(ReadOnlySpan<byte> source, EpollPipeWriter writer)
    {
        var length = Written.Length + source.Length;
        if (length == 0 || length + (_deferred?.Length ?? 0) > DeferredLimit || !IsWritable || IsLost || socket.WasReset
            || EpollLoop.Current != socket.Loop)
        {
            return false;
        }

        _deferred ??= socket.Loop.Defer(writer);
        _deferred.Take(ref Written, source);
        return true;
    }

    /// <summary>Sends all. True when nothing is left to send.</summary>
    public bool TrySend()
    {
        while (TrySendDeferred() && Written.Length > 0 && !IsLost && IsWritable)
        {
            var sent = Note(socket.Send(Written.Gathered, Written.Borrowed), Written.Length);
            Written.Consume(sent);
        }

        if (IsLost)
        {
            Written.Release();
        }

        return IsEmpty;
    }

    /// <summary>Sends what was deferred. True when nothing is left of that.</summary>
    public bool TrySendDeferred()
    {
        if (_deferred is not { } deferred)
        {
            return true;
        }

        while (deferred.Length > 0 && !IsLost && IsWritable)
        {
            deferred.Consume(Note(socket.Send(deferred.Gathered, default), deferred.Length));
            if (IsLost)
            {
                // Nobody waits for this flush any more. Who reads is told, by the end of the stream.
                socket.ShutdownBoth();
            }
        }

        if (!IsLost && deferred.Length > 0)
        {
            return false;
        }

        deferred.Release();
        _deferred = null;
        socket.Loop.GiveBack(deferred);
        return true;
    }

    /// <summary>Nothing can be sent any more.</summary>
    public void Lose()
    {
        IsLost = true;
        TrySendDeferred();
    }

    private int Note(int sent, long length)
    {
        // Less than all: there is no more room, and the system will say when there is.
        IsWritable = sent == length;
        IsLost |= sent < 0 && sent != -Errno.Again;
        return Math.Max(sent, 0);
    }
}
