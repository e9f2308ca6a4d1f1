using Microsoft.AspNetCore.Connections;
using SmtpProxy.Transport.Loops;
using SmtpProxy.Transport.Native;

namespace SmtpProxy.Transport.Pipes;

/// <summary>A connected descriptor and the loop that watches it. Its reader and writer make their calls under one lock, so that the descriptor cannot be
/// closed, and become another connection's, in the middle of one.</summary>
/// <remarks>Watched from the first wait on, for reading; for writing once a write had to wait.</remarks>
internal sealed class EpollSocket : IEpollTarget
{
    private const EpollEvents Reading = EpollEvents.In | EpollEvents.ReadHangUp | EpollEvents.EdgeTriggered;

    private readonly int _descriptor;
    private EpollEvents _watched;
    private ulong _key;

    public EpollSocket(int descriptor, EpollLoop loop, bool inlineContinuations)
    {
        _descriptor = descriptor;
        Loop = loop;
        Reader = new EpollPipeReader(this, inlineContinuations);
        Writer = new EpollPipeWriter(this, inlineContinuations);
    }

    public Lock Sync { get; } = new();

    public EpollLoop Loop { get; }

    public EpollPipeReader Reader { get; }

    public EpollPipeWriter Writer { get; }

    public bool IsClosed { get; private set; }

    /// <summary>True once a call reported a reset. The system reports it to one direction only.</summary>
    public bool WasReset { get; private set; }

    /// <summary>Whose socket it is: told once, when nothing more can be received or the connection is closed.</summary>
    public ISocketOwner? Owner { get; init; }

    /// <summary>Takes over a registration that watches for both directions already.</summary>
    public void Adopt(ulong key)
    {
        lock (Sync)
        {
            (_key, _watched) = (key, Reading | EpollEvents.Out);
        }
    }

    /// <inheritdoc/>
    public void OnReady(EpollEvents events)
    {
        var (read, written) = (false, false);
        lock (Sync)
        {
            if ((events & EpollEvents.Readable) != 0)
            {
                read = Reader.OnReadable((events & ~EpollEvents.In & EpollEvents.Readable) != 0);
            }

            if ((events & EpollEvents.Writable) != 0)
            {
                written = Writer.OnWritable();
            }
        }

        // Outside the lock: this is where the session goes on.
        if (written)
        {
            Writer.Signal();
        }

        if (read)
        {
            Reader.Signal();
        }
    }

    /// <inheritdoc/>
    public void OnLoopEnding() => Close(reset: true);

    /// <summary>Watches for what comes in. Called under the lock.</summary>
    public void WatchReading() => Watch(Reading);

    /// <summary>Watches for room to write. Called under the lock.</summary>
    public void WatchWriting() => Watch(Reading | EpollEvents.Out);

    /// <summary>Receives what is there. Called under the lock.</summary>
    /// <returns>The octets received, 0 at the end of the stream, or an error number, negated.</returns>
    public unsafe int Receive(Span<byte> room)
    {
        fixed (byte* pointer = room)
        {
            while (true)
            {
                var received = Libc.Receive(_descriptor, pointer, room.Length, 0);
                if (received >= 0 || Errno.Last != Errno.Interrupted)
                {
                    return received >= 0 ? (int)received : -Note(Errno.Last);
                }
            }
        }
    }

    /// <summary>Sends what the system takes of two pieces. Called under the lock.</summary>
    /// <returns>The octets sent, or an error number, negated.</returns>
    public unsafe int Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        fixed (byte* firstPointer = first, secondPointer = second)
        {
            var vectors = stackalloc IoVector[]
            {
                new IoVector { Start = firstPointer, Length = first.Length },
                new IoVector { Start = secondPointer, Length = second.Length },
            };
            var message = new MessageHeader { Vectors = vectors, VectorCount = 2 };
            while (true)
            {
                var sent = first.IsEmpty ? Libc.Send(_descriptor, secondPointer, second.Length, Constants.MessageNoSignal)
                    : second.IsEmpty ? Libc.Send(_descriptor, firstPointer, first.Length, Constants.MessageNoSignal)
                    : Libc.SendMessage(_descriptor, &message, Constants.MessageNoSignal);
                if (sent >= 0 || Errno.Last != Errno.Interrupted)
                {
                    return sent >= 0 ? (int)sent : -Note(Errno.Last);
                }
            }
        }
    }

    /// <summary>Says that nothing more will be sent. Called under the lock.</summary>
    public void ShutdownWriting() => _ = Libc.Shutdown(_descriptor, Constants.ShutdownWrite);

    /// <summary>Ends both directions: whoever reads finds what has come, and then the end. Called under the lock.</summary>
    public void ShutdownBoth() => _ = Libc.Shutdown(_descriptor, Constants.ShutdownBoth);

    /// <summary>Closes at once; whoever waits is told. With a reset, or as the peer expects it.</summary>
    public void Close(bool reset)
    {
        lock (Sync)
        {
            if (IsClosed)
            {
                return;
            }

            if (!reset)
            {
                Writer.OnClosing();
            }

            IsClosed = true;
            if (reset)
            {
                NativeSocket.ResetOnClose(_descriptor);
            }
            else
            {
                Reader.DiscardUnreceived();
            }

            Reader.OnClosed();
            Writer.OnClosed();
            if (_watched != EpollEvents.None)
            {
                Loop.Forget(_key);
            }

            _ = Libc.Close(_descriptor);
        }

        Owner?.OnInputEnded();
    }

    /// <summary>What a read reports after <paramref name="error"/>.</summary>
    public static IOException ToException(int error)
    {
        var inner = Errno.ToException(error);
        return error == Errno.ConnectionReset ? new ConnectionResetException(inner.Message, inner) : new IOException(inner.Message, inner);
    }

    private int Note(int error)
    {
        WasReset |= error == Errno.ConnectionReset;
        return error;
    }

    private void Watch(EpollEvents events)
    {
        if (IsClosed || (_watched & events) == events)
        {
            return;
        }

        if (_watched == EpollEvents.None)
        {
            _key = Loop.Add(_descriptor, this, events);
        }
        else
        {
            Loop.Modify(_key, _watched | events);
        }

        _watched |= events;
    }
}
