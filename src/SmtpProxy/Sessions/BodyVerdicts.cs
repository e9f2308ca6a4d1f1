using SmtpProxy.Accounting;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Relay;

namespace SmtpProxy.Sessions;

/// <summary>Brings the client the verdict on a text, or on a piece of it, and books the attempt.</summary>
internal sealed class BodyVerdicts(ServerFinder finder, ClientChannel client, LimitMetrics limits)
{
    // A server that hangs up in the middle of the text has mostly said why just before.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>Passes on what the server said last.</summary>
    public BodyVerdict Tell(Transaction transaction, BackendSession server, TransactionStage stage)
    {
        var reply = server.Reply;
        transaction.Journal.Reply(server.Destination.Id, stage, reply);
        transaction.Journal.Told(stage, reply);
        client.Write(reply);
        server.IsInTransaction = false;
        transaction.Journal.Attempt(Records.Verdict(transaction, server, stage, reply));
        transaction.IsAnswered = true;
        return new BodyVerdict(Records.Outcome(reply), SessionEnd.None);
    }

    /// <summary>The server was lost before it could answer: what it said last stands if it was a refusal.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="stage">How far it had come.</param>
    /// <param name="outcome">What became of it if the server left without a word.</param>
    public async ValueTask<BodyVerdict> ExplainLossAsync(Transaction transaction, TransactionStage stage, TransactionOutcome outcome)
    {
        var server = transaction.Server!;
        var read = await server.ReadReplyAsync(LastWords);
        if (read == ReplyRead.Reply && (server.Reply.IsTransient || server.Reply.IsPermanent))
        {
            var told = Tell(transaction, server, stage);
            server.Dispose();
            return told;
        }

        return Lose(transaction, stage, AttemptResult.ConnectionLost, outcome);
    }

    /// <summary>No answer came and none will.</summary>
    public BodyVerdict Lose(Transaction transaction, TransactionStage stage, AttemptResult result, TransactionOutcome outcome)
    {
        Refuse(transaction, stage, SmtpReplies.ServerLost);
        finder.Fail(transaction, stage, result, counts: true);
        return new BodyVerdict(outcome, SessionEnd.None);
    }

    /// <summary>The client's side ended in the middle: the server's session is dropped and never completed.</summary>
    public BodyVerdict Abandon(Transaction transaction, BodyEnd end)
    {
        var why = SessionEnd.ClientClosed;
        if (end == BodyEnd.ClientTimedOut)
        {
            limits.Hit(LimitKind.BodyTimeout);
            client.Refuse(SmtpReplies.CommandTimeout);
            why = SessionEnd.TimedOut;
        }
        else if (end == BodyEnd.Ended)
        {
            client.Refuse(SmtpReplies.ShuttingDown);
            why = SessionEnd.Drained;
        }

        if (transaction.IsDead)
        {
            // Its verdict stands, and its server, if there still is one, is owed nothing.
            return new BodyVerdict(TransactionOutcome.None, why);
        }

        finder.Fail(transaction, TransactionStage.Body, AttemptResult.Abandoned, counts: false);
        return new BodyVerdict(TransactionOutcome.Aborted, why);
    }

    public void Refuse(Transaction transaction, TransactionStage stage, ReadOnlySpan<byte> text)
    {
        client.Refuse(text);
        transaction.Journal.Told(stage, text);
    }
}
