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
}
