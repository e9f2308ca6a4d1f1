using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using SmtpProxy.Infrastructure;
using SmtpProxy.Protocol;

namespace SmtpProxy.Model;

/// <summary>The client's two pipes with a deadline for each wait. Replies gather here and leave in one write; nothing above sees a socket.</summary>
internal sealed class ClientChannel : IInterruptible, IDisposable
{
    // How long the alert that ends TLS may take: it fits behind replies that were taken already.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly IDuplexPipe _transport;
    private readonly TimeProvider _time;
    private readonly Deadline _deadline;
    private readonly byte[] _sessionId;
    private volatile PipeReader _input;
    private volatile PipeWriter _output;
    private TlsPipe? _tls;
    private long _waitingSince;

    public ClientChannel(IDuplexPipe transport, string sessionId, TimeProvider time)
    {
        _transport = transport;
        _time = time;
        _input = transport.Input;
        _output = transport.Output;
        _sessionId = System.Text.Encoding.ASCII.GetBytes(sessionId);
        _deadline = new Deadline(time, this);
    }

    /// <summary>Awaiting it goes on where the client's octets arrive: after a wait that ended elsewhere.</summary>
    public HomeThread Home => HomeThread.Of(_transport);

    /// <summary>Octets consumed from the client.</summary>
    public long Received { get; private set; }

    /// <summary>Octets written for the client.</summary>
    public long Sent { get; private set; }

    /// <summary>True when replies wait to be flushed.</summary>
    public bool HasPendingOutput { get; private set; }

    /// <summary>True once the client speaks under TLS.</summary>
    public bool IsTls => _tls is not null;

    /// <summary>True once the client can no longer be written to.</summary>
    public bool IsLost { get; private set; }

    /// <summary>True once the proxy wants the session to end now, whatever it is doing.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>True once no new transaction may begin.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Ends a wait in <see cref="ReadAsync"/> early, with a cancelled result.</summary>
    public void Wake()
    {
        // Whoever wakes has set a flag before, and the session looks at it after it has put another reader here: one of them sees the other's.
        Interlocked.MemoryBarrier();
        _input.CancelPendingRead();
    }

    /// <summary>Asks the session to end at the next point where no transaction runs.</summary>
    public void Drain()
    {
        IsDraining = true;
        Wake();
    }

    /// <summary>Asks the session to end now.</summary>
    public void End()
    {
        IsEnding = true;
        Wake();
    }

    /// <summary>True when the read given back last had ended because its deadline passed.</summary>
    public bool HasTimedOut { get; private set; }

    /// <summary>What the client has sent already, without waiting.</summary>
    public bool TryRead(out ReadResult result) => _input.TryRead(out result);

    /// <summary>Waits for octets from the client. A cancelled result: the deadline has passed, or somebody woke the session; <see cref="HasTimedOut"/>
    /// tells, after <see cref="Advance"/>.</summary>
    /// <param name="timeout">How long the client may take.</param>
    /// <param name="isSameWait">True: counted from where the wait before began, because what came since was not all that is waited for.</param>
    public ValueTask<ReadResult> ReadAsync(TimeSpan timeout, bool isSameWait = false)
    {
        if (!isSameWait)
        {
            BeginWait();
            _deadline.Set(timeout);
        }
        else
        {
            var left = timeout - _time.GetElapsedTime(_waitingSince);
            _deadline.Set(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        // Not awaited here: each layer that waits costs its part of every command.
        return _input.ReadAsync();
    }

    /// <summary>The wait that <see cref="ReadAsync"/> may go on with begins now: what it is for has begun with octets that were there already.</summary>
    public void BeginWait() => _waitingSince = _time.GetTimestamp();

    /// <summary>Gives back what <paramref name="read"/> brought; <paramref name="rest"/> is what of it stays unread.</summary>
    public void Advance(in ReadResult read, in ReadOnlySequence<byte> rest, bool needMore)
    {
        HasTimedOut = read.IsCanceled && _deadline.IsExpired;
        _deadline.Clear();
        Received += read.Buffer.Length - rest.Length;
        _input.AdvanceTo(rest.Start, needMore ? rest.End : rest.Start);
    }

    /// <summary>What the client sends, for a relay that reads and writes at the same time. It counts what it takes by <see cref="CountReceived"/>.</summary>
    public PipeReader Splice() => _input;

    /// <summary>Counts octets that were consumed from the reader itself.</summary>
    public void CountReceived(long octets) => Received += octets;

    /// <summary>Queues octets that a server sent, as they are.</summary>
    public void WriteSpliced(in ReadOnlySequence<byte> octets)
    {
        if (octets.IsEmpty)
        {
            return;
        }

        foreach (var segment in octets)
        {
            _output.Write(segment.Span);
        }

        Note(octets.Length);
    }

    /// <summary>Queues wire text that is complete as it stands.</summary>
    public void Write(ReadOnlySpan<byte> octets)
    {
        _output.Write(octets);
        Note(octets.Length);
    }

    /// <summary>Queues a server's reply, word for word; a 421 becomes a 451, because the client's connection stays.</summary>
    public void Write(in SmtpReply reply)
    {
        if (reply.Code == 421)
        {
            ReplyWriter.WriteWithout421(_output, reply);
        }
        else
        {
            ReplyWriter.Write(_output, reply);
        }

        Note(reply.Octets.Length);
    }

    /// <summary>Queues a 4xx or 5xx of the proxy's own; the session's identifier is put behind the text.</summary>
    public void Refuse(ReadOnlySpan<byte> text)
    {
        ReplyWriter.Write(_output, text, _sessionId);
        Note(text.Length + _sessionId.Length + 5);
    }

    public void WriteGreeting(ReadOnlySpan<byte> hostname)
    {
        ReplyWriter.WriteGreeting(_output, hostname);
        Note(hostname.Length + 24);
    }

    /// <summary>Sends the queued replies in one write. False when the client is gone or takes nothing for <paramref name="timeout"/>.</summary>
    public ValueTask<bool> FlushAsync(TimeSpan timeout)
    {
        if (!HasPendingOutput)
        {
            return new(!IsLost);
        }

        HasPendingOutput = false;
        var sending = PipeSending.SendAsync(_output, default, _deadline, timeout);
        if (!sending.IsCompletedSuccessfully)
        {
            return NoteAsync(sending);
        }

        IsLost |= !sending.Result;
        return new(!IsLost);
    }

    private async ValueTask<bool> NoteAsync(ValueTask<bool> sending)
    {
        IsLost |= !await sending;
        return !IsLost;
    }

    /// <summary>From here on the client speaks under TLS. Nothing may be unread or unsent. Null, or why the handshake failed: the connection is
    /// of no use then.</summary>
    public async ValueTask<Exception?> StartTlsAsync(ServerOptionsSelectionCallback options, HandshakeGate gate, TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout, _time);
        try
        {
            _tls = await TlsPipe.AcceptAsync(_transport, options, gate, deadline.Token);
            _output = _tls.Output;
            _input = _tls.Input;
            Interlocked.MemoryBarrier();
            return null;
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            IsLost = true;
            return deadline.IsCancellationRequested ? new TimeoutException("The handshake took too long.", e) : e;
        }
    }

    /// <summary>Ends TLS properly, so that the client knows that nothing was cut off. Nothing to do in clear.</summary>
    public ValueTask CloseAsync() => _tls?.CloseAsync(LastWords, _time) ?? ValueTask.CompletedTask;

    public void Dispose() => _deadline.Dispose();

    void IInterruptible.Interrupt()
    {
        _input.CancelPendingRead();
        _output.CancelPendingFlush();
    }

    private void Note(long octets)
    {
        Sent += octets;
        HasPendingOutput = true;
    }
}
