using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using SmtpProxy.Infrastructure;
using SmtpProxy.Protocol;

namespace SmtpProxy.Model;

/// <summary>One SMTP session with a server. Counts the commands that still lack a reply: octets that nobody asked for mean that replies and
/// commands can no longer be paired, and the session is never used again.</summary>
/// <remarks>Used by one transaction at a time; not safe for concurrent use.</remarks>
internal sealed class BackendSession : IInterruptible, IDisposable
{
    private readonly IDuplexPipe _transport;
    private readonly IDisposable _connection;
    private readonly TimeProvider _time;
    private readonly Deadline _deadline;
    private SmtpReplyParser _parser;
    private TlsPipe? _tls;
    private SequencePosition _next;
    private bool _holdsReply;
    private int _aside;
    private ReplyRead _fault = ReplyRead.Closed;

    public BackendSession(DestinationState destination, EndPoint remoteEndPoint, IDuplexPipe transport, IDisposable connection, TimeProvider time)
    {
        Destination = destination;
        RemoteEndPoint = remoteEndPoint;
        _transport = transport;
        _time = time;
        Input = transport.Input;
        Output = transport.Output;
        _connection = connection;
        _deadline = new Deadline(time, this);
        CreatedAt = time.GetTimestamp();
        _parser = NewParser(destination);
    }

    public DestinationState Destination { get; }

    public EndPoint RemoteEndPoint { get; }

    public PipeWriter Output { get; private set; }

    /// <summary>Timestamp of the injected clock at which the connection came about.</summary>
    public long CreatedAt { get; }

    /// <summary>What the server offered in its reply to EHLO; none after HELO.</summary>
    public SmtpCapabilities Capabilities { get; set; }

    /// <summary>False for a server that knows only HELO.</summary>
    public bool IsEsmtp { get; set; } = true;

    /// <summary>Transactions that were begun on this session.</summary>
    public int Transactions { get; set; }

    /// <summary>True when the session served before the present lease.</summary>
    public bool IsReused { get; set; }

    /// <summary>True once credentials were sent on the session, accepted or not: it belongs to one client then and serves no other.</summary>
    public bool HasLogin { get; set; }

    /// <summary>True between a MAIL that the server may have accepted and the end of that transaction.</summary>
    public bool IsInTransaction { get; set; }

    /// <summary>Whom the proxy speaks for at present; null: for itself.</summary>
    public ForwardedClient? Client { get; set; }

    /// <summary>Code of the last reply noted by <see cref="ExpectAside"/> that was not positive; null when all were, or when it was seen to.</summary>
    public int? RefusedAside { get; set; }

    /// <summary>Commands sent whose reply has not been read.</summary>
    public int Outstanding { get; private set; }

    /// <summary>True once the session can serve nobody any more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The reply read last; its octets stay valid until the next read.</summary>
    public SmtpReply Reply { get; private set; }

    private PipeReader Input { get; set; }

    /// <summary>Notes that <paramref name="count"/> commands were written, each of which the server will answer once.</summary>
    public void Expect(int count) => Outstanding += count;

    /// <summary>Notes that <paramref name="count"/> commands were written whose replies decide nothing: they are read over before the next one.</summary>
    public void ExpectAside(int count)
    {
        _aside += count;
        Expect(count);
    }

    /// <summary>Reads the next whole reply into <see cref="Reply"/>. The deadline counts for the whole reply, not for each read.</summary>
    public ValueTask<ReplyRead> ReadReplyAsync(TimeSpan timeout) => _aside == 0 ? ReadNextAsync(timeout) : ReadBehindAsideAsync(timeout);

    /// <summary>Reads the replies that decide nothing. When they do not come, the session is broken, and the next read says why.</summary>
    public async ValueTask<ReplyRead> ReadAsideAsync(TimeSpan timeout)
    {
        var read = ReplyRead.Reply;
        while (_aside > 0 && read == ReplyRead.Reply)
        {
            _aside--;
            read = await ReadNextAsync(timeout);
            if (read == ReplyRead.Reply && !Reply.IsPositive)
            {
                RefusedAside = Reply.Code;
            }
        }

        return read;
    }

    /// <summary>Sends what was written. False when the connection is lost or the server takes nothing for <paramref name="timeout"/>.</summary>
    public ValueTask<bool> FlushAsync(TimeSpan timeout) => SendAsync(default, timeout);

    /// <summary>Sends what was written and <paramref name="octets"/> behind it, most of them from where they lie. False when the connection is lost or
    /// the server takes nothing for <paramref name="timeout"/>.</summary>
    public ValueTask<bool> SendAsync(in ReadOnlySequence<byte> octets, TimeSpan timeout) =>
        PipeSending.SendAsync(Output, octets, _deadline, timeout);

    /// <summary>From here on the server is spoken to under TLS. The session must be clean. Null, or why the handshake failed: the session is
    /// of no use then.</summary>
    public async ValueTask<Exception?> StartTlsAsync(SslClientAuthenticationOptions options, TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout, _time);
        try
        {
            _tls = await TlsPipe.ConnectAsync(_transport, options, deadline.Token);
            (Input, Output) = (_tls.Input, _tls.Output);
            return null;
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            IsBroken = true;
            return deadline.IsCancellationRequested ? new TimeoutException("The handshake took too long.", e) : e;
        }
    }

    /// <summary>What the server sends, for a relay that reads and writes at the same time. Replies are no longer counted then, and the session can
    /// serve nobody else.</summary>
    public PipeReader Splice()
    {
        ReleaseReply();
        return Input;
    }

    /// <summary>True when the session is fit for another transaction: nothing outstanding, nothing unasked for received, not closed.</summary>
    public bool IsClean()
    {
        if (IsBroken || Outstanding != 0)
        {
            return false;
        }

        ReleaseReply();
        try
        {
            if (!Input.TryRead(out var result))
            {
                return true;
            }

            var surplus = !result.Buffer.IsEmpty;
            Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            if (!surplus && !result.IsCompleted)
            {
                return true;
            }
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            // A reset that was noticed while idle.
        }

        IsBroken = true;
        return false;
    }

    /// <summary>Gives back the memory in which the last reply lies, before a wait of unknown length. Its code stays.</summary>
    public void ForgetReply()
    {
        if (!IsBroken)
        {
            ReleaseReply();
            Reply = new SmtpReply(Reply.Code, Reply.Enhanced, default);
        }
    }

    /// <summary>Closes the connection at once, without QUIT and without an end of data.</summary>
    public void Dispose()
    {
        IsBroken = true;
        _deadline.Dispose();
        _connection.Dispose();
        _tls?.Dispose();
    }

    /// <summary>A parser with the limits that the destination sets for replies.</summary>
    public static SmtpReplyParser NewParser(DestinationState destination)
    {
        var settings = destination.Model.Connection;
        return new(settings.MaxReplyLine, settings.MaxReply, settings.MaxReplyLines);
    }

    private async ValueTask<ReplyRead> ReadBehindAsideAsync(TimeSpan timeout) =>
        await ReadAsideAsync(timeout) is var read and not ReplyRead.Reply ? read : await ReadNextAsync(timeout);

    // Awaited once per command: its state is used again, not allocated.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReplyRead> ReadNextAsync(TimeSpan timeout)
    {
        if (IsBroken)
        {
            // What came now could be the answer to something else.
            return _fault;
        }

        ReleaseReply();
        _deadline.Set(timeout);
        try
        {
            while (true)
            {
                var result = await Input.ReadAsync();
                var buffer = result.Buffer;
                var status = _parser.TryRead(ref buffer, out var reply);
                if (status == ReplyStatus.Complete)
                {
                    Outstanding--;
                    Reply = reply;
                    _next = buffer.Start;
                    _holdsReply = true;
                    return ReplyRead.Reply;
                }

                Input.AdvanceTo(buffer.Start, buffer.End);
                if (status != ReplyStatus.NeedMore)
                {
                    return Break(status == ReplyStatus.TooLong ? ReplyRead.TooLong : ReplyRead.ProtocolError);
                }

                if (result.IsCompleted)
                {
                    return Break(ReplyRead.Closed);
                }

                if (_deadline.IsExpired)
                {
                    return Break(ReplyRead.TimedOut);
                }
            }
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            return Break(ReplyRead.Closed);
        }
        finally
        {
            _deadline.Clear();
        }
    }

    void IInterruptible.Interrupt()
    {
        Input.CancelPendingRead();
        Output.CancelPendingFlush();
    }

    private ReplyRead Break(ReplyRead why)
    {
        IsBroken = true;
        _fault = why;
        return why;
    }

    private void ReleaseReply()
    {
        if (_holdsReply)
        {
            _holdsReply = false;
            Input.AdvanceTo(_next);
        }
    }
}
