using SmtpProxy.Backends;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Relay;

namespace SmtpProxy.Sessions;

/// <summary>Takes the text of a message after the 354 and brings the client the verdict. Once the end of data is sent no other server is ever
/// asked: the message may be in a queue already (RFC 1047).</summary>
internal sealed class BodyExchange(ServerFinder finder, ClientChannel client, ListenerConfig listener)
{
    // A server that hangs up in the middle of the text has mostly said why just before.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>Relays the text. Returns what became of the transaction, and whether the session can go on.</summary>
    public async ValueTask<BodyVerdict> RunAsync(Transaction transaction)
    {
        var server = transaction.Server!;
        var settings = server.Destination.Model.Connection;
        if (!await client.FlushAsync(listener.CommandTimeout))
        {
            return Abandon(transaction, SessionEnd.ClientClosed);
        }

        server.Expect(1);
        var body = new BodyRelay(client, server, listener.BodyTimeout, settings.BodyTimeout);
        var end = await body.RunAsync(Policy(listener.BareNewline));
        transaction.Journal.Bytes = body.Bytes;
        switch (end)
        {
            case BodyEnd.Sent:
                return await FinishAsync(transaction, server, settings);
            case BodyEnd.ServerLost:
                return await ExplainLossAsync(transaction, server);
            case BodyEnd.BareNewline:
                Refuse(transaction, TransactionStage.Body, SmtpReplies.BareNewline);
                finder.Fail(transaction, TransactionStage.Body, AttemptResult.Abandoned, counts: false);
                return new BodyVerdict(TransactionOutcome.Rejected, SessionEnd.None);
            case BodyEnd.ClientTimedOut:
                client.Refuse(SmtpReplies.CommandTimeout);
                return Abandon(transaction, SessionEnd.TimedOut);
            case BodyEnd.Ended:
                client.Refuse(SmtpReplies.ShuttingDown);
                return Abandon(transaction, SessionEnd.Drained);
            default:
                return Abandon(transaction, SessionEnd.ClientClosed);
        }
    }

    private static BareNewlinePolicy Policy(BareNewlineMode mode) => mode switch
    {
        BareNewlineMode.Reject => BareNewlinePolicy.Reject,
        BareNewlineMode.Pass => BareNewlinePolicy.Pass,
        _ => BareNewlinePolicy.RejectAmbiguousEnd,
    };

    private async ValueTask<BodyVerdict> FinishAsync(Transaction transaction, BackendSession server, ConnectionConfig settings)
    {
        var read = await server.ReadReplyAsync(settings.FinalReplyTimeout);
        if (read != ReplyRead.Reply)
        {
            Refuse(transaction, TransactionStage.FinalReply, SmtpReplies.ServerLost);
            finder.Fail(transaction, TransactionStage.FinalReply, Faults.Result(read), counts: true);
            return new BodyVerdict(TransactionOutcome.Lost, SessionEnd.None);
        }

        return Tell(transaction, server, TransactionStage.FinalReply);
    }

    /// <summary>The server was lost before the end of data: what it said last stands if it was a refusal.</summary>
    private async ValueTask<BodyVerdict> ExplainLossAsync(Transaction transaction, BackendSession server)
    {
        var read = await server.ReadReplyAsync(LastWords);
        if (read == ReplyRead.Reply && (server.Reply.IsTransient || server.Reply.IsPermanent))
        {
            var told = Tell(transaction, server, TransactionStage.Body);
            server.Dispose();
            return told;
        }

        Refuse(transaction, TransactionStage.Body, SmtpReplies.ServerLost);
        finder.Fail(transaction, TransactionStage.Body, AttemptResult.ConnectionLost, counts: true);
        return new BodyVerdict(TransactionOutcome.Deferred, SessionEnd.None);
    }

    private BodyVerdict Tell(Transaction transaction, BackendSession server, TransactionStage stage)
    {
        var reply = server.Reply;
        var about = ReplyClassifier.Classify(reply, stage);
        transaction.Journal.Reply(server.Destination.Id, stage, reply);
        transaction.Journal.Told(stage, reply);
        client.Write(reply);
        server.IsInTransaction = false;
        transaction.Journal.Attempt(new AttemptRecord(
            server.Destination.Id, server.RemoteEndPoint, stage, about == ReplyClass.Host ? AttemptResult.Refused : AttemptResult.Answered,
            reply.Code, reply.Enhanced, about == ReplyClass.Host || (about == ReplyClass.Policy && Records.Counts(transaction, reply.Enhanced))));
        transaction.IsAnswered = true;
        return new BodyVerdict(Outcome(reply), SessionEnd.None);
    }

    private static TransactionOutcome Outcome(in SmtpReply reply) =>
        reply.IsPositive ? TransactionOutcome.Relayed : reply.IsPermanent ? TransactionOutcome.Rejected : TransactionOutcome.Deferred;

    private BodyVerdict Abandon(Transaction transaction, SessionEnd end)
    {
        finder.Fail(transaction, TransactionStage.Body, AttemptResult.Abandoned, counts: false);
        return new BodyVerdict(TransactionOutcome.Aborted, end);
    }

    private void Refuse(Transaction transaction, TransactionStage stage, ReadOnlySpan<byte> text)
    {
        client.Refuse(text);
        transaction.Journal.Told(stage, text);
    }
}
