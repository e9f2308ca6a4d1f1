using System.Buffers;
using SmtpProxy.Protocol;

namespace SmtpProxy.Relay;

/// <summary>Follows a spliced dialogue: which reply answers which command, and where texts begin and end. When it can no longer tell, it goes
/// blind: everything passes and nothing more is told.</summary>
/// <remarks>Not safe for concurrent use: the caller has one lock for both directions.</remarks>
/// <param name="observer">Told what goes by.</param>
/// <param name="policy">What happens to bare CR and LF in a text.</param>
/// <param name="maxDue">Commands that may wait for their replies; more are followed by nobody.</param>
internal sealed class SpliceDialogue(ISpliceObserver observer, BareNewlinePolicy policy, int maxDue)
{
    private readonly Queue<SpliceCommand> _due = new();
    private SmtpLineReader _lines = new(SmtpLimits.AuthLine);
    private MessageEndScanner _scanner;
    private State _state = State.Command;
    private long _left;
    private bool _isHolding;

    private enum State : byte
    {
        Command,
        Wait,
        Answer,
        Text,
        Chunk,
        Discard,
        Discarded,
        Blind,
    }

    /// <summary>True when replies can no longer be paired with commands.</summary>
    public bool IsBlind => _state == State.Blind;

    /// <summary>True from a bare CR or LF in a text that forbids them.</summary>
    public bool IsRejected => _state is State.Discard or State.Discarded;

    /// <summary>True when such a text has been read to its true end.</summary>
    public bool IsDiscarded => _state == State.Discarded;

    /// <summary>True while octets of a text, or those that a command announced, are to come.</summary>
    public bool IsInText => _state is State.Text or State.Chunk;

    /// <summary>True between the acceptance of MAIL and the end of that transaction.</summary>
    public bool IsInTransaction { get; private set; } = true;

    /// <summary>True when a client sent text that the server did not want: it is never run as commands.</summary>
    public bool HasRefusedText { get; private set; }

    /// <summary>True when octets wait for a reply, and must be shown again when it has come.</summary>
    public bool IsHolding => _isHolding;

    /// <summary>True once QUIT was answered.</summary>
    public bool HasQuit { get; private set; }

    /// <summary>The command that the server owes an answer to, or none.</summary>
    public SpliceCommand Due => _due.TryPeek(out var command) ? command : SpliceCommand.None;

    /// <summary>True when the session could end here and nobody would miss anything.</summary>
    public bool IsIdle => _state == State.Command && !IsInTransaction && _due.Count == 0;

    /// <summary>Looks at what the client sent.</summary>
    public SpliceRead Take(in ReadOnlySequence<byte> buffer)
    {
        var forward = 0L;
        var rest = buffer;
        while (!rest.IsEmpty)
        {
            var before = rest.Length;
            var goesOn = _state switch
            {
                State.Command or State.Answer => TakeLine(ref rest),
                State.Text or State.Discard => TakeText(ref rest),
                State.Chunk => TakeChunk(ref rest),

                // Sent without the go-ahead: whether it is text or commands is the server's to say, so it waits for that.
                State.Wait => HoldBack(),
                State.Blind => TakeAll(ref rest),
                _ => false,
            };
            forward += IsRejected ? 0 : before - rest.Length;
            if (!goesOn)
            {
                break;
            }
        }

        return new SpliceRead(forward, buffer.Length - rest.Length);
    }

    /// <summary>Takes a server's reply before the client sees it.</summary>
    public void OnReply(in SmtpReply reply)
    {
        if (!_due.TryDequeue(out var command))
        {
            observer.OnReply(SpliceCommand.None, reply);
            return;
        }

        observer.OnReply(command, reply);

        // What is waited for came last: the replies to what was sent before it do not end the wait.
        var isAwaited = _state == State.Wait && _due.Count == 0;
        HasRefusedText |= command == SpliceCommand.Data && reply.Code != 354 && _isHolding;
        _isHolding &= !isAwaited;
        switch (command)
        {
            case SpliceCommand.Data when reply.Code == 354:
                _state = State.Text;
                _scanner = new MessageEndScanner(policy);
                return;
            case SpliceCommand.Auth when reply.IsIntermediate:
                _state = State.Answer;
                return;
            case SpliceCommand.StartTls when reply.IsPositive:
                GoBlind();
                return;
            case SpliceCommand.Mail:
                IsInTransaction |= reply.IsPositive;
                break;
            case SpliceCommand.Quit:
                HasQuit |= reply.IsPositive;
                break;
            case SpliceCommand.Text:
                IsInTransaction = false;
                break;
            case SpliceCommand.Hello or SpliceCommand.Reset when reply.IsPositive:
                IsInTransaction = false;
                break;
            default:
                break;
        }

        if (reply.IsIntermediate)
        {
            // What follows it is known to the two of them only.
            GoBlind();
        }
        else if (isAwaited)
        {
            _state = State.Command;
        }
    }

    /// <summary>Follows no longer. Always true, for the client's octets go on.</summary>
    public bool GoBlind()
    {
        _state = State.Blind;
        _due.Clear();
        return true;
    }

    private bool HoldBack()
    {
        _isHolding = true;
        return false;
    }

    private bool TakeLine(ref ReadOnlySequence<byte> rest)
    {
        var before = rest;
        var status = _lines.TryRead(ref rest, out var line);
        if (status == LineStatus.NeedMore && rest.Length == before.Length)
        {
            return false;
        }

        if (status != LineStatus.Line || _due.Count >= maxDue)
        {
            if (status == LineStatus.Line)
            {
                observer.OnTooManyCommands();
            }

            rest = before;
            return GoBlind();
        }

        if (_state == State.Answer)
        {
            Expect(SpliceCommand.Auth, State.Wait);
            return true;
        }

        OnCommand(SmtpCommandParser.Parse(line.IsSingleSegment ? line.FirstSpan : line.ToArray()));
        return true;
    }

    private void OnCommand(in SmtpCommand command)
    {
        switch (command.Verb)
        {
            case SmtpVerb.Mail:
                observer.OnMail(command.Argument);
                Expect(SpliceCommand.Mail, State.Command);
                break;
            case SmtpVerb.Bdat when Chunk.TryParse(command.Argument, out var chunk):
                _left = chunk.Size;
                Expect(chunk.IsLast ? SpliceCommand.Text : SpliceCommand.Chunk, chunk.Size == 0 ? State.Command : State.Chunk);
                break;
            case SmtpVerb.Bdat:
                GoBlind();
                break;
            case SmtpVerb.Data:
                Expect(SpliceCommand.Data, State.Wait);
                break;
            case SmtpVerb.Auth:
                Expect(SpliceCommand.Auth, State.Wait);
                break;
            case SmtpVerb.StartTls:
                Expect(SpliceCommand.StartTls, State.Wait);
                break;
            default:
                Expect(Simple(command.Verb), State.Command);
                break;
        }
    }

    private static SpliceCommand Simple(SmtpVerb verb) => verb switch
    {
        SmtpVerb.Ehlo or SmtpVerb.Helo => SpliceCommand.Hello,
        SmtpVerb.Rcpt => SpliceCommand.Rcpt,
        SmtpVerb.Rset => SpliceCommand.Reset,
        SmtpVerb.Quit => SpliceCommand.Quit,
        _ => SpliceCommand.Other,
    };

    private void Expect(SpliceCommand command, State next)
    {
        _due.Enqueue(command);
        _state = next;
    }

    private bool TakeText(ref ReadOnlySequence<byte> rest)
    {
        var scan = _scanner.Scan(rest);
        rest = rest.Slice(scan.Consumed);
        switch (scan.Status)
        {
            case BodyScanStatus.End when _state == State.Discard:
                _state = State.Discarded;
                return false;
            case BodyScanStatus.End:
                observer.OnText(scan.Forward);
                Expect(SpliceCommand.Text, State.Command);
                return true;
            case BodyScanStatus.Rejected:
                _scanner.Discard();
                _state = State.Discard;
                return true;
            default:
                observer.OnText(scan.Forward);
                return false;
        }
    }

    private bool TakeChunk(ref ReadOnlySequence<byte> rest)
    {
        var part = Math.Min(_left, rest.Length);
        rest = rest.Slice(part);
        _left -= part;
        observer.OnText(part);
        _state = _left == 0 ? State.Command : State.Chunk;
        return true;
    }

    private static bool TakeAll(ref ReadOnlySequence<byte> rest)
    {
        rest = rest.Slice(rest.End);
        return false;
    }
}
