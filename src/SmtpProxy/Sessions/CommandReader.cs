using System.Buffers;
using System.Security.Cryptography;
using SmtpProxy.Accounting;
using SmtpProxy.Configuration;
using SmtpProxy.Infrastructure;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Relay;

namespace SmtpProxy.Sessions;

/// <summary>Reads the client's command lines. Answers those that concern no server at once and hands the others to the transaction; a command
/// that must wait for those before it stays unread until they are answered.</summary>
internal sealed class CommandReader(
    ClientChannel client, ListenerConfig listener, TransactionFlow flow, AuthExchange auth, Greeter greeter, ClientErrors errors, LimitMetrics limits)
{
    private const int StackLine = 1024;

    private SmtpLineReader _lines = new(listener.Limits.MaxCommandLine);
    private ChunkSkipper _chunk;
    private string? _helo;
    private bool _isEsmtp;
    private SmtpExtensions _promised;
    private bool _isOverlong;
    private bool _isDataRefused;
    private bool _isTlsNext;

    /// <summary>Why the session ends, after <see cref="LineReading.End"/>.</summary>
    public SessionEnd End { get; private set; }

    private bool IsTlsMissing => listener.Tls.RequireTls && !client.IsTls;

    /// <summary>Nothing that was said before counts any more (RFC 3207 section 4.2).</summary>
    public void Forget()
    {
        _helo = null;
        _isEsmtp = false;
    }

    /// <summary>Reads as far as it may; <paramref name="buffer"/> is left at the first octet that was not read.</summary>
    public LineReading Read(ref ReadOnlySequence<byte> buffer)
    {
        while (End == SessionEnd.None)
        {
            if (_isOverlong)
            {
                _isOverlong = false;
                Refuse(auth.IsAuthLine ? SmtpReplies.AuthLineTooLong : SmtpReplies.LineTooLong);
                continue;
            }

            if (_chunk.IsSkipping)
            {
                if (!_chunk.TrySkip(ref buffer))
                {
                    return LineReading.NeedMore;
                }

                Refuse(IsTlsMissing ? SmtpReplies.TlsRequired : flow.IsInTransaction ? SmtpReplies.UnknownCommand : SmtpReplies.BadSequence);
                continue;
            }

            _lines.MaxLength = _lines.IsSkipping ? _lines.MaxLength : auth.LimitOf(buffer);
            var before = buffer;
            switch (_lines.TryRead(ref buffer, out var line))
            {
                case LineStatus.NeedMore:
                    return LineReading.NeedMore;
                case LineStatus.TooLong when auth.IsAwaitingAnswer:
                    limits.Hit(LimitKind.MaxAuthLine);
                    auth.AnswerTooLong();
                    return LineReading.RunAuth;
                case LineStatus.TooLong:
                    _isOverlong = true;
                    limits.Hit(LimitKind.MaxCommandLine);
                    break;
                case LineStatus.Line when auth.IsAwaitingAnswer:
                    auth.Answer(line);
                    return LineReading.RunAuth;
                default:
                    if (!TryTake(line))
                    {
                        buffer = before;
                        return LineReading.RunGroup;
                    }

                    break;
            }

            if (_isDataRefused && !buffer.IsEmpty && End == SessionEnd.None)
            {
                // The text of a message that nobody waits for is never run as commands.
                client.Refuse(SmtpReplies.RefusedData);
                End = SessionEnd.ProtocolError;
            }

            if (_isTlsNext)
            {
                _isTlsNext = false;
                if (buffer.IsEmpty)
                {
                    return LineReading.StartTls;
                }

                // Sent in clear, perhaps by somebody else, to be run as if it had come under TLS.
                client.Refuse(SmtpReplies.DataBehindStartTls);
                End = SessionEnd.ProtocolError;
            }

            _isDataRefused = false;
            if (auth.IsDue)
            {
                return LineReading.RunAuth;
            }

            if ((_isOverlong && flow.Pending > 0) || flow.IsDue)
            {
                return LineReading.RunGroup;
            }
        }

        return LineReading.End;
    }

    /// <summary>False when the line must be read again after the commands before it were answered.</summary>
    private bool TryTake(in ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
        {
            return TryTake(line.FirstSpan);
        }

        var length = (int)line.Length;
        var copy = length <= StackLine ? stackalloc byte[length] : new byte[length];
        line.CopyTo(copy);
        var isTaken = TryTake(copy);
        if (auth.IsAuthLine)
        {
            CryptographicOperations.ZeroMemory(copy);
        }

        return isTaken;
    }

    private bool TryTake(ReadOnlySpan<byte> line)
    {
        var command = SmtpCommandParser.Parse(line);
        var step = command.IsMalformed ? DialogueStep.SyntaxError
            : ClientDialogue.Next(command.Verb, !command.Argument.IsEmpty, _helo is not null, flow.State);
        step = ClientDialogue.UnderAuth(step, command.Verb, listener.Auth, client.IsTls, _isEsmtp, flow.Login is not null);
        step = ClientDialogue.UnderTls(step, command.Verb, listener.Tls, client.IsTls);
        switch (step)
        {
            case DialogueStep.Mail:
                return TryTakeMail(command.Argument);
            case DialogueStep.Rcpt:
                return TryTakeRecipient(command.Argument);
            case DialogueStep.Data:
                flow.AddData();
                return true;
            default:
                if (flow.Pending > 0)
                {
                    return false;
                }

                Take(step, command);
                return true;
        }
    }

    private bool TryTakeMail(ReadOnlySpan<byte> argument)
    {
        var mail = EnvelopeParser.ParseMail(argument, listener.Lenient, anyParameter: listener.RelayMode == RelayMode.Session);
        if (mail.Status != EnvelopeStatus.Ok)
        {
            Refuse(EnvelopeReader.Refusal(mail.Status, TransactionStage.Mail));
        }
        else if (EnvelopeReader.IsUnavailable(mail, _isEsmtp, _promised))
        {
            Refuse(SmtpReplies.UnsupportedParameter);
        }
        else
        {
            flow.AddMail(mail, _helo!, _isEsmtp);
        }

        return true;
    }

    private bool TryTakeRecipient(ReadOnlySpan<byte> argument)
    {
        var recipient = EnvelopeParser.ParseRecipient(argument, listener.Lenient);
        var status = recipient.Status == EnvelopeStatus.Ok && recipient.HasUtf8Path && !flow.IsUtf8 ? EnvelopeStatus.NonAsciiPath : recipient.Status;
        var isFull = flow.Recipients >= listener.Limits.MaxRecipients;
        if (status == EnvelopeStatus.Ok && !isFull && (_isEsmtp || recipient.Parameters.IsEmpty))
        {
            flow.AddRecipient(recipient);
            return true;
        }

        if (flow.Pending > 0)
        {
            return false;
        }

        if (status != EnvelopeStatus.Ok)
        {
            Refuse(EnvelopeReader.Refusal(status, TransactionStage.Rcpt));
        }
        else if (isFull)
        {
            limits.Hit(LimitKind.MaxRecipients);
            client.Refuse(SmtpReplies.TooManyRecipients);
        }
        else
        {
            Refuse(SmtpReplies.UnsupportedParameter);
        }

        return true;
    }

    private void Take(DialogueStep step, in SmtpCommand command)
    {
        switch (step)
        {
            case DialogueStep.Greet:
                Greet(command.Verb == SmtpVerb.Ehlo, command.Argument);
                break;
            case DialogueStep.Reset:
                flow.Abandon();
                client.Write(SmtpReplies.Ok);
                break;
            case DialogueStep.Quit:
                flow.Abandon();
                client.Write(SmtpReplies.Bye);
                End = SessionEnd.Quit;
                break;
            case DialogueStep.Bdat or DialogueStep.StrayBdat:
                TakeChunk(step, command.Argument);
                break;
            case DialogueStep.Auth:
                End = auth.Begin(command.Argument, _helo!);
                break;
            case DialogueStep.StartTls:
                flow.Abandon();
                flow.Unbind();
                _isTlsNext = true;
                break;
            case DialogueStep.Ok:
                client.Write(SmtpReplies.Ok);
                break;
            case DialogueStep.Help:
                client.Write(SmtpReplies.Help);
                break;
            case DialogueStep.Verify:
                client.Write(SmtpReplies.Vrfy);
                break;
            default:
                _isDataRefused = command.Verb == SmtpVerb.Data;
                Refuse(DialogueReplies.Of(step));
                break;
        }
    }

    private void TakeChunk(DialogueStep step, ReadOnlySpan<byte> argument)
    {
        if (!Chunk.TryParse(argument, out var chunk))
        {
            // Where the next command begins is unknown.
            client.Refuse(SmtpReplies.BadArgument);
            End = SessionEnd.ProtocolError;
        }
        else if (step == DialogueStep.Bdat && _isEsmtp)
        {
            flow.AddChunk(chunk);
        }
        else
        {
            _chunk.Begin(chunk.Size);
        }
    }

    private void Greet(bool isEsmtp, ReadOnlySpan<byte> name)
    {
        flow.Abandon();
        _helo = WireText.Decode(name);
        _isEsmtp = isEsmtp;
        _promised = greeter.Greet(isEsmtp);
    }

    /// <summary>A refusal that counts as the client's error.</summary>
    private void Refuse(ReadOnlySpan<byte> text) => End = errors.Refuse(text);
}
