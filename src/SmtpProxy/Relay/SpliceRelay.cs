using System.Buffers;
using System.IO.Pipelines;
using SmtpProxy.Infrastructure;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Relay;

/// <summary>Passes both directions of a session on at the same time, as they come: whole lines and replies as long as the dialogue can be
/// followed, octets otherwise.</summary>
/// <remarks>Only this side writes to either pipe while it runs. Whoever finds the end first says so, and the other direction is woken.</remarks>
internal sealed class SpliceRelay : IInterruptible, IDisposable
{
    /// <summary>Octets that may wait for a go-ahead, which no client may send anything before.</summary>
    public const int MaxHeld = 65_536;

    private readonly ClientChannel _client;
    private readonly BackendSession _server;
    private readonly SpliceDialogue _dialogue;
    private readonly SpliceTimeouts _timeouts;
    private readonly PipeReader _fromClient;
    private readonly PipeReader _fromServer;
    private readonly Deadline _deadline;
    private readonly Lock _lock = new();
    private SmtpReplyParser _replies;
    private int _end;
    private bool _isHalfClosed;

    public SpliceRelay(ClientChannel client, BackendSession server, SpliceDialogue dialogue, SpliceTimeouts timeouts, TimeProvider time)
    {
        (_client, _server, _dialogue, _timeouts) = (client, server, dialogue, timeouts);
        _fromClient = client.Splice();
        _fromServer = server.Splice();
        _replies = BackendSession.NewParser(server.Destination);
        _deadline = new Deadline(time, this);
    }

    private bool IsOver => Volatile.Read(ref _end) != 0;

    /// <summary>Runs until one side ends. The client has got whole replies only, and nothing is unsent.</summary>
    public async ValueTask<SpliceEnd> RunAsync()
    {
        Touch();
        await Task.WhenAll(UpAsync(), DownAsync());
        return (SpliceEnd)_end;
    }

    public void Dispose() => _deadline.Dispose();

    private async Task UpAsync()
    {
        try
        {
            while (!IsOver)
            {
                var result = await _fromClient.ReadAsync();
                if (IsOver)
                {
                    _fromClient.AdvanceTo(result.Buffer.Start);
                    return;
                }

                // A server that takes nothing more may have said why: the other direction finds out.
                if (!await TakeAsync(result) || CheckEnd())
                {
                    return;
                }

                if (result.IsCompleted)
                {
                    CloseHalf();
                    return;
                }
            }
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            Finish(SpliceEnd.ClientLost);
        }
    }

    /// <summary>False when the server takes nothing more.</summary>
    private async ValueTask<bool> TakeAsync(ReadResult result)
    {
        SpliceRead read;
        bool wentBlind;
        lock (_lock)
        {
            wentBlind = !_dialogue.IsBlind;
            read = _dialogue.Take(result.Buffer);
            wentBlind &= _dialogue.IsBlind;
            if (read.Consumed > 0)
            {
                Touch();
            }
        }

        foreach (var segment in result.Buffer.Slice(0, read.Forward))
        {
            _server.Output.Write(segment.Span);
        }

        _client.CountReceived(read.Consumed);
        _fromClient.AdvanceTo(result.Buffer.GetPosition(read.Consumed), result.Buffer.End);
        if (_dialogue.IsRejected)
        {
            _server.Dispose();
            return !_dialogue.IsDiscarded || !Finish(SpliceEnd.BareNewline);
        }

        if (_dialogue.IsHolding && result.Buffer.Length - read.Consumed > MaxHeld)
        {
            return !Finish(SpliceEnd.RefusedText);
        }

        if (wentBlind)
        {
            // Half a reply may have been held back until it was whole.
            _fromServer.CancelPendingRead();
        }

        return read.Forward == 0 || await _server.FlushAsync(_timeouts.Body);
    }

    private async Task DownAsync()
    {
        try
        {
            while (!IsOver)
            {
                var result = await _fromServer.ReadAsync();
                Pass(result.Buffer);
                if (!await _client.FlushAsync(_timeouts.Command))
                {
                    Finish(SpliceEnd.ClientLost);
                    return;
                }

                if (CheckEnd())
                {
                    return;
                }

                if (result.IsCompleted)
                {
                    LoseServer();
                    return;
                }
            }
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            LoseServer();
        }
    }

    private void LoseServer()
    {
        // One that was dropped because of its client's text is not lost: the text is still read to its end.
        if (!_dialogue.IsRejected)
        {
            Finish(SpliceEnd.ServerClosed);
        }
    }

    private void Pass(ReadOnlySequence<byte> buffer)
    {
        lock (_lock)
        {
            while (!_dialogue.IsBlind && !buffer.IsEmpty)
            {
                var status = _replies.TryRead(ref buffer, out var reply);
                if (status == ReplyStatus.NeedMore)
                {
                    break;
                }

                if (status == ReplyStatus.Complete)
                {
                    var wasHolding = _dialogue.IsHolding;
                    _dialogue.OnReply(reply);
                    if (wasHolding && !_dialogue.IsHolding)
                    {
                        _fromClient.CancelPendingRead();
                    }

                    _client.WriteSpliced(reply.Octets);
                }
                else
                {
                    _dialogue.GoBlind();
                }
            }

            if (_dialogue.IsBlind)
            {
                _client.WriteSpliced(buffer);
                buffer = buffer.Slice(buffer.End);
            }

            if (_client.HasPendingOutput)
            {
                Touch();
            }
        }

        _fromServer.AdvanceTo(buffer.Start, buffer.End);
    }

    /// <summary>The client has sent its last. What the server owes it still comes, unless half a text would be taken for a whole one.</summary>
    private void CloseHalf()
    {
        lock (_lock)
        {
            _isHalfClosed = true;
            if (_dialogue.IsInText || _dialogue.IsBlind || _dialogue.IsRejected || _dialogue.Due == SpliceCommand.None)
            {
                Finish(SpliceEnd.ClientClosed);
            }
        }
    }

    /// <summary>True when the session ends here, for a reason that neither side's connection gave.</summary>
    private bool CheckEnd()
    {
        lock (_lock)
        {
            var end = IsOver ? SpliceEnd.None
                : _dialogue.HasQuit ? SpliceEnd.Quit
                : _dialogue.HasRefusedText ? SpliceEnd.RefusedText
                : _client.IsEnding || (_client.IsDraining && _dialogue.IsIdle) ? SpliceEnd.Drained
                : _isHalfClosed && _dialogue.Due == SpliceCommand.None ? SpliceEnd.ClientClosed
                : !_deadline.IsExpired ? SpliceEnd.None
                : _dialogue.Due == SpliceCommand.None ? SpliceEnd.ClientTimedOut : SpliceEnd.ServerTimedOut;
            return Finish(end) || IsOver;
        }
    }

    private void Touch() => _deadline.Set(
        _dialogue.IsInText ? _timeouts.Body : _dialogue.Due == SpliceCommand.None ? _timeouts.Command : _timeouts.Reply);

    /// <summary>True when <paramref name="end"/> is the end, and no other was before.</summary>
    private bool Finish(SpliceEnd end)
    {
        if (end == SpliceEnd.None || Interlocked.CompareExchange(ref _end, (int)end, 0) != 0)
        {
            return false;
        }

        // Whatever is being sent to it waits no longer.
        _server.Dispose();
        Wake();
        return true;
    }

    void IInterruptible.Interrupt() => Wake();

    private void Wake()
    {
        _fromClient.CancelPendingRead();
        _fromServer.CancelPendingRead();
    }
}
