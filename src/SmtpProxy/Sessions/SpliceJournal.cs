using System.Buffers;
using SmtpProxy.Accounting;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Relay;
using SmtpProxy.Routing;

namespace SmtpProxy.Sessions;

/// <summary>Makes outcome records of what goes by in a spliced session. A later sender counts for the entry of the first only if it has the same
/// key: the others had no choice of server.</summary>
internal sealed class SpliceJournal(
    Transaction first, BackendSession server, bool lenient, Func<Envelope, RouteMatch?, Transaction> begin,
    Action<Transaction, TransactionOutcome> complete, LimitMetrics limits) : ISpliceObserver
{
    private readonly Queue<Envelope?> _mails = new();
    private readonly Transaction _first = first;
    private Transaction? _current = first;

    /// <inheritdoc/>
    public void OnMail(ReadOnlySpan<byte> argument)
    {
        var mail = EnvelopeParser.ParseMail(argument, lenient, anyParameter: true);
        var said = _first.Envelope;
        _mails.Enqueue(mail.Status != EnvelopeStatus.Ok ? null
            : EnvelopeReader.Read(mail, said.Client, said.Helo, said.IsEsmtp, new ArrayBufferWriter<byte>(128)) with { Login = said.Login });
    }

    /// <inheritdoc/>
    public void OnText(long octets)
    {
        if (_current is { } transaction)
        {
            transaction.Journal.Bytes += octets;
        }
    }

    /// <inheritdoc/>
    public void OnTooManyCommands() => limits.Hit(LimitKind.MaxSplicedCommands);

    /// <inheritdoc/>
    public void OnReply(SpliceCommand command, in SmtpReply reply)
    {
        if (command == SpliceCommand.Mail)
        {
            OnMailReply(reply);
        }
        else if (_current is { } transaction && Stage(command) is var stage and not TransactionStage.None)
        {
            Note(transaction, stage, reply);
            if (stage == TransactionStage.FinalReply)
            {
                transaction.Journal.Attempt(Records.Verdict(transaction, server, stage, reply));
                Complete(transaction, Records.Outcome(reply));
            }
        }
        else if (command is SpliceCommand.Hello or SpliceCommand.Reset && reply.IsPositive && _current is { } ended)
        {
            Close(ended, ended.Journal.AcceptedRecipients == 0 ? Records.Refused(ended) : TransactionOutcome.Aborted);
        }
    }

    /// <summary>The session is over: the transaction that still runs is closed.</summary>
    /// <param name="end">What ended it.</param>
    /// <param name="due">What the server still owed an answer to.</param>
    public void End(SpliceEnd end, SpliceCommand due)
    {
        if (_current is not { } transaction)
        {
            return;
        }

        var journal = transaction.Journal;
        switch (end)
        {
            case SpliceEnd.ServerClosed or SpliceEnd.ServerTimedOut:
                var stage = due == SpliceCommand.Text ? TransactionStage.FinalReply : journal.Stage;
                journal.Told(stage, SmtpReplies.ServerLostForGood);
                var result = end == SpliceEnd.ServerTimedOut ? AttemptResult.TimedOut : AttemptResult.ConnectionLost;
                journal.Attempt(new AttemptRecord(server.Destination.Id, server.RemoteEndPoint, stage, result, 0, default, true));
                Complete(transaction, due == SpliceCommand.Text ? TransactionOutcome.Lost : TransactionOutcome.Deferred);
                break;
            case SpliceEnd.BareNewline:
                journal.Told(TransactionStage.Body, SmtpReplies.BareNewline);
                Close(transaction, TransactionOutcome.Rejected);
                break;
            default:
                Close(transaction, TransactionOutcome.Aborted);
                break;
        }
    }

    private static TransactionStage Stage(SpliceCommand command) => command switch
    {
        SpliceCommand.Rcpt => TransactionStage.Rcpt,
        SpliceCommand.Data => TransactionStage.Data,
        SpliceCommand.Chunk => TransactionStage.Body,
        SpliceCommand.Text => TransactionStage.FinalReply,
        _ => TransactionStage.None,
    };

    private void OnMailReply(in SmtpReply reply)
    {
        if (!_mails.TryDequeue(out var envelope) || envelope is null || _current is not null)
        {
            return;
        }

        _current = Begin(envelope);
        Note(_current, TransactionStage.Mail, reply);
        if (!reply.IsPositive)
        {
            Close(_current, Records.Refused(_current));
        }
    }

    private Transaction Begin(Envelope envelope)
    {
        if (_first.Match is not { } match)
        {
            return begin(envelope, null);
        }

        var key = match.Route.Keys.Create(envelope);
        var transaction = begin(envelope, match with { Key = key });
        if (key == match.Key)
        {
            transaction.Entry = _first.Entry;
            transaction.Affinity = _first.Affinity;
        }

        return transaction;
    }

    private void Note(Transaction transaction, TransactionStage stage, in SmtpReply reply)
    {
        var journal = transaction.Journal;
        journal.Reply(server.Destination.Id, stage, reply);
        journal.Told(stage, reply);
        if (stage == TransactionStage.Rcpt)
        {
            journal.AcceptedRecipients += reply.IsPositive ? 1 : 0;
            journal.DeferredRecipients += reply.IsTransient ? 1 : 0;
        }
    }

    private void Close(Transaction transaction, TransactionOutcome outcome)
    {
        transaction.Journal.Attempt(Records.LastAttempt(transaction, server, outcome));
        Complete(transaction, outcome);
    }

    private void Complete(Transaction transaction, TransactionOutcome outcome)
    {
        _current = null;
        complete(transaction, outcome);
    }
}
