using System.Runtime.CompilerServices;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Relay;

namespace SmtpProxy.Sessions;

/// <summary>Takes the text of a message after the 354 and brings the client the verdict. Once the end of data is sent no other server is ever
/// asked: the message may be in a queue already (RFC 1047).</summary>
internal sealed class BodyExchange(ServerFinder finder, BodyVerdicts verdicts, ClientChannel client, ListenerConfig listener)
{
    /// <summary>Relays the text. Returns what became of the transaction, and whether the session can go on.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<BodyVerdict> RunAsync(Transaction transaction)
    {
        var server = transaction.Server!;
        var settings = server.Destination.Model.Connection;
        if (!await client.FlushAsync(listener.CommandTimeout))
        {
            return verdicts.Abandon(transaction, BodyEnd.ClientClosed);
        }

        server.Expect(1);
        var body = new BodyRelay(client, server, listener.BodyTimeout, settings.BodyTimeout);
        var end = await body.RunAsync(Policy(listener.BareNewline));
        transaction.Journal.Bytes = body.Bytes;
        switch (end)
        {
            case BodyEnd.Sent:
                var read = await server.ReadReplyAsync(settings.FinalReplyTimeout);
                return read == ReplyRead.Reply
                    ? verdicts.Tell(transaction, server, TransactionStage.FinalReply)
                    : verdicts.Lose(transaction, TransactionStage.FinalReply, Faults.Result(read), TransactionOutcome.Lost);
            case BodyEnd.ServerLost:
                return await verdicts.ExplainLossAsync(transaction, TransactionStage.Body, TransactionOutcome.Deferred);
            case BodyEnd.BareNewline:
                verdicts.Refuse(transaction, TransactionStage.Body, SmtpReplies.BareNewline);
                finder.Fail(transaction, TransactionStage.Body, AttemptResult.Abandoned, counts: false);
                return new BodyVerdict(TransactionOutcome.Rejected, SessionEnd.None);
            default:
                return verdicts.Abandon(transaction, end);
        }
    }

    /// <summary>The scanner's word for the operator's.</summary>
    public static BareNewlinePolicy Policy(BareNewlineMode mode) => mode switch
    {
        BareNewlineMode.Reject => BareNewlinePolicy.Reject,
        BareNewlineMode.Pass => BareNewlinePolicy.Pass,
        _ => BareNewlinePolicy.RejectAmbiguousEnd,
    };
}
