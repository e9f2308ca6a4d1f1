using System.Runtime.CompilerServices;
using SmtpProxy.Backends;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Relay;
using SmtpProxy.Routing;

namespace SmtpProxy.Sessions;

/// <summary>Answers a group of the client's MAIL, RCPT and DATA commands: each gets exactly one reply, in order, from whichever server gives it.</summary>
internal sealed class EnvelopeExchange(ServerFinder finder, ClientChannel client, CancellationToken ended)
{
    /// <summary>Runs the group. True when its DATA was answered 354 and the text follows. A transaction whose MAIL is refused is over:
    /// the rest of its group is still answered.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> RunAsync(Transaction transaction, CommandGroup group)
    {
        var next = 0;
        while (next < group.Count)
        {
            if (transaction.IsDead || (transaction.Server is null && !await finder.FindAsync(transaction, ended)))
            {
                RefuseFrom(transaction, group, next);
                return false;
            }

            var server = transaction.Server!;
            var settings = server.Destination.Model.Connection;
            await ClientForwarding.BeginAsync(server, group[next].Stage, settings.CommandTimeout);
            var due = EnvelopeWindow.Write(server, transaction.Envelope, group.From(next));

            // A failed flush needs no answer of its own: reading the reply tells what happened.
            await server.FlushAsync(settings.CommandTimeout);
            for (; due > 0 && transaction.Server is not null; due--)
            {
                var stage = group[next].Stage;
                var read = await ReadReplyAsync(server, stage == TransactionStage.Data ? settings.DataTimeout : settings.CommandTimeout);
                if (Decide(transaction, stage, read))
                {
                    Answer(transaction, group[next], server);
                    next++;
                    if (stage == TransactionStage.Mail && !transaction.IsMailAccepted)
                    {
                        await FinishRefusedAsync(transaction, group, next, due - 1);
                        return false;
                    }
                }
            }
        }

        return IsTextNext(transaction, group);
    }

    private static bool IsTextNext(Transaction transaction, CommandGroup group) =>
        group[group.Count - 1].Stage == TransactionStage.Data && transaction.Server is { } server && server.Reply.Code == 354;

    /// <summary>Before a wait for the server the client gets what is due to it already.</summary>
    private ValueTask<ReplyRead> ReadReplyAsync(BackendSession server, TimeSpan timeout)
    {
        var read = server.ReadReplyAsync(timeout);
        return read.IsCompleted || !client.HasPendingOutput ? read : FlushThenWaitAsync(read, timeout);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReplyRead> FlushThenWaitAsync(ValueTask<ReplyRead> read, TimeSpan timeout)
    {
        await client.FlushAsync(timeout);
        return await read;
    }

    /// <summary>True when the reply goes to the client; false when the attempt ended and the command is tried again.</summary>
    private bool Decide(Transaction transaction, TransactionStage stage, ReplyRead read)
    {
        var server = transaction.Server!;
        var reply = read == ReplyRead.Reply ? server.Reply : default;
        if (read == ReplyRead.Reply)
        {
            transaction.Journal.Reply(server.Destination.Id, stage, reply);
        }

        var about = read == ReplyRead.Reply ? ReplyClassifier.Classify(reply, stage) : ReplyClass.None;
        var isFirstOnReused = server.IsReused && stage == TransactionStage.Mail;
        var step = EnvelopeJudge.Judge(stage, read, reply.Code, about, isFirstOnReused, transaction.Accepted.Count > 0);
        var isBound = transaction.Bound is not null && read == ReplyRead.Reply && reply.Code != 421 && !EnvelopeJudge.IsMisplaced(stage, reply.Code);
        transaction.WasRefusedByHost |= isBound && about == ReplyClass.Host;
        if (step == EnvelopeStep.Answer || isBound)
        {
            return true;
        }

        if (about == ReplyClass.Host && !isFirstOnReused)
        {
            transaction.LastRefusal = Refusals.AsRelayed(reply);
        }

        if (step == EnvelopeStep.Refresh || (step == EnvelopeStep.Replay && !transaction.HasReplayed))
        {
            transaction.Again = server.Destination;
            transaction.HasReplayed |= step == EnvelopeStep.Replay;
        }

        var result = step == EnvelopeStep.Refresh ? AttemptResult.StaleSession
            : read != ReplyRead.Reply ? Faults.Result(read)
            : EnvelopeJudge.IsMisplaced(stage, reply.Code) ? AttemptResult.ProtocolError : AttemptResult.Refused;
        finder.Fail(transaction, stage, result, counts: step != EnvelopeStep.Refresh, reply);
        return false;
    }

    private void Answer(Transaction transaction, RelayCommand command, BackendSession server)
    {
        var reply = server.Reply;
        transaction.LastRefusal = null;
        if (command.Stage == TransactionStage.Data && reply.IsIntermediate && transaction.Accepted.Count == 0)
        {
            // The server would take a text for nobody. It gets none: the session is dropped without an end of data.
            finder.Fail(transaction, command.Stage, AttemptResult.ProtocolError, counts: false);
            Refuse(transaction, command.Stage, SmtpReplies.NoValidRecipients);
            transaction.IsDead = true;
            return;
        }

        client.Write(reply);
        transaction.Journal.Told(command.Stage, reply);
        switch (command.Stage)
        {
            case TransactionStage.Mail when reply.IsPositive:
                transaction.IsMailAccepted = true;
                server.IsInTransaction = true;
                break;
            case TransactionStage.Rcpt when reply.IsPositive:
                transaction.Accepted.Add(command.Octets);
                transaction.Journal.AcceptedRecipients++;
                break;
            case TransactionStage.Rcpt when reply.IsTransient:
                transaction.Journal.DeferredRecipients++;
                break;
            default:
                break;
        }
    }

    /// <summary>MAIL was refused. What the server says to the rest of the group that it has already got is passed on.</summary>
    private async ValueTask FinishRefusedAsync(Transaction transaction, CommandGroup group, int next, int due)
    {
        var server = transaction.Server!;
        for (; due > 0; due--, next++)
        {
            var stage = group[next].Stage;
            var read = await ReadReplyAsync(server, server.Destination.Model.Connection.CommandTimeout);
            if (read != ReplyRead.Reply || server.Reply.Code < 400 || server.Reply.Code == 421)
            {
                // A server that takes commands of a transaction it refused has lost the thread; so has the pairing of replies.
                server.Dispose();
                break;
            }

            transaction.Journal.Reply(server.Destination.Id, stage, server.Reply);
            client.Write(server.Reply);
        }

        for (; next < group.Count; next++)
        {
            client.Refuse(SmtpReplies.BadSequence);
        }
    }

    /// <summary>No server is left: the first command that lacks an answer gets the verdict, those behind it what follows from it.</summary>
    private void RefuseFrom(Transaction transaction, CommandGroup group, int next)
    {
        var first = group[next];
        if (transaction.Bound is { IsBroken: true })
        {
            // Nobody else can be asked: the credentials are the client's. The end of the session answers all that is behind.
            Refuse(transaction, first.Stage, SmtpReplies.LoginLost);
            transaction.HasLostLogin = true;
            return;
        }

        if (transaction.LastRefusal is { } last && !transaction.IsDead)
        {
            client.Write(last);
            transaction.Journal.Told(first.Stage, last.AsSpan());
        }
        else
        {
            Refuse(transaction, first.Stage, Verdict(transaction));
        }

        transaction.IsDead = true;
        for (next++; next < group.Count; next++)
        {
            client.Refuse(transaction.IsMailAccepted ? SmtpReplies.NoServer : SmtpReplies.BadSequence);
        }
    }

    private ReadOnlySpan<byte> Verdict(Transaction transaction)
    {
        if (transaction.IsDead)
        {
            return SmtpReplies.ReplayDisagreed;
        }

        if (transaction.Journal.Attempts is [.., { Result: AttemptResult.ProtocolError or AttemptResult.ReplyTooLong }])
        {
            return SmtpReplies.ServerProtocolError;
        }

        return finder.Status switch
        {
            CandidateStatus.ConstraintUnmet => SmtpReplies.PolicyNoServer,
            CandidateStatus.ExtensionUnmet when !transaction.IsMailAccepted => SmtpReplies.UnsupportedParameter,
            CandidateStatus.SizeExceeded when !transaction.IsMailAccepted => SmtpReplies.SizeExceeded,
            _ => SmtpReplies.NoServer,
        };
    }

    private void Refuse(Transaction transaction, TransactionStage stage, ReadOnlySpan<byte> text)
    {
        client.Refuse(text);
        transaction.Journal.Told(stage, text);
    }
}
