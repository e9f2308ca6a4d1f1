using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Relay;

namespace SmtpProxy.Sessions;

/// <summary>Takes one BDAT with its octets and brings the client its one reply (RFC 3030). After one that failed the transaction is dead: all
/// that follow are swallowed, or a text with a hole could be completed. Once the octets of the last one are sent no other server is ever asked.</summary>
internal sealed class ChunkExchange(
    ServerFinder finder, BodyVerdicts verdicts, ClientChannel client, ListenerConfig listener, CancellationToken ended)
{
    /// <summary>Relays the chunk. The outcome is none while the transaction goes on.</summary>
    public async ValueTask<BodyVerdict> RunAsync(Transaction transaction, Chunk chunk)
    {
        if (!await client.FlushAsync(listener.CommandTimeout))
        {
            return verdicts.Abandon(transaction, BodyEnd.ClientClosed);
        }

        var wasDead = transaction.IsDead;
        var isReady = !wasDead && transaction.Accepted.Count > 0 && await IsServerThereAsync(transaction);
        if (!isReady || !transaction.Server!.Capabilities.Has(SmtpExtensions.Chunking))
        {
            return await SwallowAsync(transaction, chunk, wasDead);
        }

        transaction.HasChunks = true;
        var server = transaction.Server;
        var settings = server.Destination.Model.Connection;
        var relay = new ChunkRelay(client, server, listener.BodyTimeout, settings.BodyTimeout);
        var end = await relay.RunAsync(chunk);
        transaction.Journal.Bytes += relay.Bytes;
        return end switch
        {
            BodyEnd.Sent => Conclude(transaction, chunk, await FinishAsync(transaction, server, chunk, settings)),
            BodyEnd.ServerLost => Conclude(transaction, chunk, await ExplainLossAsync(transaction, chunk, relay.MayBeComplete)),
            _ => verdicts.Abandon(transaction, end),
        };
    }

    /// <summary>A server that hung up since it accepted the recipients, or said what nobody had asked for, must not answer for the text. Before
    /// the first chunk another connection can take its place.</summary>
    private async ValueTask<bool> IsServerThereAsync(Transaction transaction)
    {
        var server = transaction.Server!;
        if (server.IsClean())
        {
            return true;
        }

        if (!transaction.HasChunks && !transaction.HasReplayed)
        {
            transaction.HasReplayed = true;
            transaction.Again = server.Destination;
        }

        finder.Fail(transaction, TransactionStage.Body, AttemptResult.ConnectionLost, counts: true);
        return !transaction.HasChunks && await finder.FindAsync(transaction, ended);
    }

    private async ValueTask<BodyVerdict> SwallowAsync(Transaction transaction, Chunk chunk, bool wasDead)
    {
        var end = await new ChunkRelay(client, null, listener.BodyTimeout, default).RunAsync(chunk);
        if (end == BodyEnd.Sent && wasDead)
        {
            // What the client was told first is the verdict.
            client.Refuse(Refusal(transaction));
        }
        else if (end == BodyEnd.Sent)
        {
            verdicts.Refuse(transaction, TransactionStage.Body, Refusal(transaction));
        }

        transaction.IsDead = true;
        transaction.HasChunks = true;
        return end == BodyEnd.Sent ? default : verdicts.Abandon(transaction, end);
    }

    private static ReadOnlySpan<byte> Refusal(Transaction transaction)
    {
        if (transaction.IsDead)
        {
            return transaction.HasChunks ? SmtpReplies.BadSequence : SmtpReplies.ReplayDisagreed;
        }

        return transaction.Accepted.Count == 0 ? SmtpReplies.NoValidRecipients
            : transaction.Server is null ? SmtpReplies.ServerLost : SmtpReplies.UnknownCommand;
    }

    private static TransactionStage Stage(Chunk chunk) => chunk.IsLast ? TransactionStage.FinalReply : TransactionStage.Body;

    private async ValueTask<BodyVerdict> FinishAsync(Transaction transaction, BackendSession server, Chunk chunk, ConnectionConfig settings)
    {
        var read = await server.ReadReplyAsync(chunk.IsLast ? settings.FinalReplyTimeout : settings.BodyTimeout);
        if (read != ReplyRead.Reply || server.Reply.IsIntermediate)
        {
            var result = read == ReplyRead.Reply ? AttemptResult.ProtocolError : Faults.Result(read);
            return verdicts.Lose(transaction, Stage(chunk), result, chunk.IsLast ? TransactionOutcome.Lost : TransactionOutcome.Deferred);
        }

        if (chunk.IsLast || !server.Reply.IsPositive)
        {
            return verdicts.Tell(transaction, server, Stage(chunk));
        }

        transaction.Journal.Reply(server.Destination.Id, TransactionStage.Body, server.Reply);
        transaction.Journal.Told(TransactionStage.Body, server.Reply);
        client.Write(server.Reply);
        return default;
    }

    private ValueTask<BodyVerdict> ExplainLossAsync(Transaction transaction, Chunk chunk, bool mayBeComplete) =>
        chunk.IsLast && mayBeComplete
            ? verdicts.ExplainLossAsync(transaction, TransactionStage.FinalReply, TransactionOutcome.Lost)
            : verdicts.ExplainLossAsync(transaction, TransactionStage.Body, TransactionOutcome.Deferred);

    private static BodyVerdict Conclude(Transaction transaction, Chunk chunk, BodyVerdict verdict)
    {
        if (verdict.Outcome is TransactionOutcome.None or TransactionOutcome.Relayed)
        {
            return verdict;
        }

        // A refused chunk leaves the server in an indeterminate state (RFC 3030 section 2): it gets a RSET, or a close after its 421.
        if (transaction.Server is { } server)
        {
            server.IsInTransaction = true;
            if (server.Reply.Code == 421)
            {
                server.Dispose();
            }
        }

        transaction.IsDead = true;
        return chunk.IsLast ? verdict : default;
    }
}
