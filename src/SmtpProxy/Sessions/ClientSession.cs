using System.IO.Pipelines;
using System.Text;
using SmtpProxy.Accounting;
using SmtpProxy.Configuration;
using SmtpProxy.Infrastructure;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>The dialogue with one client: in turns, each of which reads what the client has sent, up to what must wait for a server.</summary>
internal sealed class ClientSession(
    ClientChannel client, ListenerConfig listener, CommandReader reader, TransactionFlow flow, AuthExchange auth, TlsUpgrade tls, LimitMetrics limits)
{
    private bool _isInLine;

    // A PROXY v2 header where none is expected begins like this; no SMTP client does.
    private static ReadOnlySpan<byte> ProxyV2Start => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51];

    /// <summary>No new transaction from now on: an idle session ends at once, another one after its transaction.</summary>
    public void Drain() => client.Drain();

    /// <summary>Runs the dialogue to its end; all replies that are due have been sent when it returns.</summary>
    public async Task<SessionEnd> RunAsync()
    {
        var end = SessionEnd.None;
        try
        {
            end = listener.Tls.Mode == ListenerTlsMode.Implicit ? await tls.OpenAsync() : SessionEnd.None;
            end = end == SessionEnd.None ? await OpenAsync() : end;
            end = end == SessionEnd.None ? IsOver() : end;
            while (end == SessionEnd.None)
            {
                // Each turn is awaited here and in no method between: a layer that waits costs its part of every command.
                if (client.TryRead(out var ready))
                {
                    end = await TakeAsync(ready, hasWaited: false);
                }
                else if (flow.Pending > 0)
                {
                    // The client's time stands still while a server takes its own.
                    _isInLine = false;
                    end = await flow.RunAsync();
                }
                else if (!await client.FlushAsync(listener.CommandTimeout))
                {
                    end = SessionEnd.ClientReset;
                }
                else
                {
                    // A line that comes octet by octet has no more time than one that comes at once.
                    end = await TakeAsync(await client.ReadAsync(listener.CommandTimeout, isSameWait: _isInLine), hasWaited: true);
                }

                // Asked between turns, whether or not more commands are there already: a busy client must not hold up a drain.
                end = end == SessionEnd.None ? IsOver() : end;
            }
        }
        catch (Exception e) when (TransportFault.IsExpected(e))
        {
            end = SessionEnd.ClientReset;
        }
        finally
        {
            auth.Close();
            flow.Close();
        }

        await client.FlushAsync(listener.CommandTimeout);
        return end;
    }

    private async ValueTask<SessionEnd> OpenAsync()
    {
        if (listener.RejectEarlyTalkers)
        {
            var early = await client.ReadAsync(listener.GreetingDelay);
            client.Advance(early, early.Buffer, needMore: false);
            if (!early.Buffer.IsEmpty)
            {
                client.Refuse(SmtpReplies.EarlyTalker);
                return SessionEnd.ProtocolError;
            }

            if (early.IsCompleted)
            {
                return SessionEnd.ClientClosed;
            }
        }

        client.WriteGreeting(Encoding.ASCII.GetBytes(listener.Hostname));
        return SessionEnd.None;
    }

    private ValueTask<SessionEnd> TakeAsync(in ReadResult read, bool hasWaited)
    {
        var buffer = read.Buffer;
        if (client.Received == 0 && StartsLikeProxyHeader(buffer))
        {
            client.Advance(read, buffer.Slice(buffer.End), needMore: false);
            client.Refuse(SmtpReplies.ProxyHeader);
            return new(SessionEnd.ProtocolError);
        }

        var reading = reader.Read(ref buffer);
        NoteLine(reading == LineReading.NeedMore && !buffer.IsEmpty, isNew: buffer.Length != read.Buffer.Length || !(hasWaited || _isInLine));
        client.Advance(read, buffer, needMore: reading == LineReading.NeedMore);
        switch (reading)
        {
            case LineReading.RunGroup:
                return flow.RunAsync();
            case LineReading.RunAuth:
                return auth.RunAsync();
            case LineReading.StartTls:
                reader.Forget();
                return tls.StartAsync();
            case LineReading.End:
                return new(reader.End);
            default:
                break;
        }

        if (read.IsCompleted)
        {
            return FinishAsync();
        }

        if (client.HasTimedOut)
        {
            limits.Hit(LimitKind.CommandTimeout);
            client.Refuse(SmtpReplies.CommandTimeout);
            return new(SessionEnd.TimedOut);
        }

        return new(SessionEnd.None);
    }

    /// <summary>All that was sent gets its answer before the session ends, also after a half-close.</summary>
    private async ValueTask<SessionEnd> FinishAsync()
    {
        var end = flow.Pending > 0 ? await flow.RunAsync() : SessionEnd.None;
        return end == SessionEnd.None ? SessionEnd.ClientClosed : end;
    }

    private void NoteLine(bool isInLine, bool isNew)
    {
        _isInLine = isInLine;
        if (isInLine && isNew)
        {
            client.BeginWait();
        }
    }

    private SessionEnd IsOver()
    {
        if (client.IsEnding || (client.IsDraining && !flow.IsInTransaction))
        {
            client.Refuse(SmtpReplies.ShuttingDown);
            return SessionEnd.Drained;
        }

        return SessionEnd.None;
    }

    private static bool StartsLikeProxyHeader(in System.Buffers.ReadOnlySequence<byte> buffer)
    {
        Span<byte> start = stackalloc byte[ProxyV2Start.Length];
        if (buffer.Length < start.Length)
        {
            return false;
        }

        System.Buffers.BuffersExtensions.CopyTo(buffer.Slice(0, start.Length), start);
        return start.SequenceEqual(ProxyV2Start);
    }
}
