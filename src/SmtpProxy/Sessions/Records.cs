using SmtpProxy.Backends;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>Closes the books of a transaction.</summary>
internal static class Records
{
    public static TransactionRecord Of(Transaction transaction, TransactionOutcome outcome, string? fallback, TimeProvider time)
    {
        var journal = transaction.Journal;
        var duration = time.GetElapsedTime(transaction.StartedAt);
        var before = journal.RoutingDelay + journal.QueueDelay + journal.ConnectionDelay;
        var isAborted = outcome == TransactionOutcome.Aborted;
        return new TransactionRecord
        {
            Id = transaction.Id,
            Number = transaction.Number,
            Envelope = transaction.Envelope,
            IsTls = transaction.IsTls,
            Route = transaction.Match?.Route.Name,
            Cluster = transaction.Match?.Route.Cluster.Id,
            Key = transaction.Key,
            Affinity = transaction.Affinity,
            Entry = transaction.Entry,
            Fallback = fallback,
            Attempts = journal.Attempts,
            Replies = journal.Replies,
            Outcome = outcome,
            Stage = journal.Stage,
            Code = isAborted ? 0 : journal.Code,
            Enhanced = isAborted ? default : journal.Enhanced,
            ReplyText = isAborted ? Aborted(journal.Stage) : journal.Text,
            AcceptedRecipients = journal.AcceptedRecipients,
            DeferredRecipients = journal.DeferredRecipients,
            Bytes = journal.Bytes,
            Duration = duration,
            Delays = new TransactionDelays(
                journal.RoutingDelay, journal.QueueDelay, journal.ConnectionDelay, duration > before ? duration - before : TimeSpan.Zero),
        };
    }

    private static string Aborted(TransactionStage stage) => stage switch
    {
        TransactionStage.Mail => "ended by the client after MAIL",
        TransactionStage.Rcpt => "ended by the client after RCPT",
        _ => "lost the client in the message text",
    };

    /// <summary>True for a deferral about a recipient or a policy that the operator wants counted against the destination.</summary>
    public static bool Counts(Transaction transaction, EnhancedStatusCode code) =>
        !code.IsNone && transaction.Match is { } match
        && match.Cluster.Config.SessionAffinity.CountCodes.Contains(code.ToString());

    /// <summary>The outcome of a transaction that ends without a text: what the client was told last, unless that was no refusal.</summary>
    public static TransactionOutcome Refused(Transaction transaction) => transaction.Journal.Code switch
    {
        >= 500 => TransactionOutcome.Rejected,
        >= 400 => TransactionOutcome.Deferred,
        _ => TransactionOutcome.Aborted,
    };

    /// <summary>The attempt that a transaction ends with.</summary>
    public static AttemptRecord LastAttempt(Transaction transaction, BackendSession server, TransactionOutcome outcome)
    {
        var journal = transaction.Journal;
        var isDeferral = journal.Code is >= 400 and < 500 && outcome == TransactionOutcome.Deferred;
        return new AttemptRecord(
            server.Destination.Id, server.RemoteEndPoint, journal.Stage,
            outcome == TransactionOutcome.Aborted ? AttemptResult.Abandoned : AttemptResult.Answered, journal.Code, journal.Enhanced,
            transaction.WasRefusedByHost || (isDeferral && Counts(transaction, journal.Enhanced)));
    }

    /// <summary>The attempt whose verdict is the server's last reply.</summary>
    public static AttemptRecord Verdict(Transaction transaction, BackendSession server, TransactionStage stage, in SmtpReply reply)
    {
        var about = ReplyClassifier.Classify(reply, stage);
        return new AttemptRecord(
            server.Destination.Id, server.RemoteEndPoint, stage, about == ReplyClass.Host ? AttemptResult.Refused : AttemptResult.Answered,
            reply.Code, reply.Enhanced, about == ReplyClass.Host || (about == ReplyClass.Policy && Counts(transaction, reply.Enhanced)));
    }

    /// <summary>The outcome that a reply to the end of a text means.</summary>
    public static TransactionOutcome Outcome(in SmtpReply reply) =>
        reply.IsPositive ? TransactionOutcome.Relayed : reply.IsPermanent ? TransactionOutcome.Rejected : TransactionOutcome.Deferred;
}
