using System.Runtime.InteropServices;
using SmtpProxy.Affinity;
using SmtpProxy.Backends;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Relay;
using SmtpProxy.Routing;

namespace SmtpProxy.Sessions;

/// <summary>Gives a transaction its server: the sender's own, else the next candidate, brought to the point that the client has been told of.</summary>
internal sealed class ServerFinder(SessionServices services, ClientChannel client, string hostname, object owner)
{
    /// <summary>Why the last search found none.</summary>
    public CandidateStatus Status { get; private set; }

    /// <summary>Looks up the sender's entry, or makes it: two proxies that race agree on it before either relays.</summary>
    public async ValueTask ResolveAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        if (transaction.Match is not { } match || match.Key.IsNone)
        {
            return;
        }

        var cluster = match.Route.Cluster.Id;
        if (!services.Affinity.TryGet(cluster, match.Key, out AffinityLookup found))
        {
            found = await services.Affinity.GetAsync(cluster, match.Key, cancellationToken);
        }

        transaction.Affinity = found.Use;
        if (found.Entry is { } orphan && match.Cluster.Find(orphan.Destination) is null && Next(transaction) is { } successor)
        {
            // The destination left the configuration: its senders are given to others as they come.
            var moved = await services.Affinity.MoveAsync(
                cluster, match.Key, orphan, new AffinityMove(successor.Id, AffinityReason.Rerouted), cancellationToken);
            found = AffinityLookup.Found(moved);
        }

        if (found.Entry is null && Next(transaction) is { } first)
        {
            found = await services.Affinity.AssignAsync(
                cluster, match.Key, first.Id, match.Cluster.Config.SessionAffinity, cancellationToken);
        }

        transaction.Entry = found.Entry;
        transaction.Affinity = found.Use;
    }

    /// <summary>Leases a server and replays what was accepted before. False when none is left; <see cref="Status"/> says why.</summary>
    public async ValueTask<bool> FindAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        if (transaction.Bound is { } bound)
        {
            return TryUse(transaction, bound);
        }

        while (true)
        {
            var fresh = transaction.Again is not null;
            if ((transaction.Again ?? NextAllowed(transaction)) is not { } destination)
            {
                return false;
            }

            transaction.Again = null;
            if (!transaction.Tried.Contains(destination))
            {
                transaction.Tried.Add(destination);
            }

            if (await LeaseAsync(transaction, destination, fresh, cancellationToken) && await ReplayAsync(transaction))
            {
                return true;
            }

            if (transaction.IsDead)
            {
                return false;
            }
        }
    }

    /// <summary>The destination that would be asked next.</summary>
    public DestinationState? Next(Transaction transaction)
    {
        var request = new CandidateRequest
        {
            Match = transaction.Match!,
            Entry = transaction.Entry,
            IsStoreAway = transaction.Affinity == AffinityUse.Hash,
            Required = EnvelopeWindow.Needed(transaction.Envelope),
            Size = transaction.Envelope.Size,
            Tried = transaction.Tried,
        };
        Status = services.Candidates.Select(request, out var destination);
        return destination;
    }

    /// <summary>Where the sender's entry should point if its destination has failed: the destination that served, else the next candidate.</summary>
    public string? Fallback(Transaction transaction)
    {
        if (transaction.Entry is not { } entry || !transaction.Journal.HasCountedFailure)
        {
            return null;
        }

        foreach (var attempt in transaction.Journal.Attempts)
        {
            if (attempt.Result == AttemptResult.Answered && attempt.Destination != entry.Destination)
            {
                return attempt.Destination;
            }
        }

        return Next(transaction)?.Id;
    }

    /// <summary>Ends an attempt that failed and gives up its session.</summary>
    public void Fail(Transaction transaction, TransactionStage stage, AttemptResult result, bool counts, in SmtpReply reply = default)
    {
        var server = transaction.Server!;
        transaction.Journal.Attempt(new AttemptRecord(
            server.Destination.Id, server.RemoteEndPoint, stage, result, reply.Code, reply.Enhanced, counts));
        transaction.Server = null;
        server.Destination.Leave();
        services.Pools.Discard(server);
    }

    private DestinationState? NextAllowed(Transaction transaction)
    {
        if (transaction.Match is null)
        {
            Status = CandidateStatus.NoneLeft;
            return null;
        }

        var connection = transaction.Match.Cluster.Config.Connection;
        var attempts = transaction.Journal.Attempts;
        if (attempts.Count(static a => a.Result is not (AttemptResult.NotCapable or AttemptResult.StaleSession)) >= connection.MaxAttempts
            || (attempts.Count > 0 && services.Time.GetElapsedTime(transaction.StartedAt) >= connection.AttemptBudget))
        {
            services.Limits.Hit(LimitKind.ServerMaxAttempts);
            Status = CandidateStatus.NoneLeft;
            return null;
        }

        return Next(transaction);
    }

    private async ValueTask<bool> LeaseAsync(Transaction transaction, DestinationState destination, bool fresh, CancellationToken cancellationToken)
    {
        // What the client was told so far must not wait for a server that may never answer.
        await client.FlushAsync(destination.Model.Connection.CommandTimeout);
        var acquiring = services.Pools.AcquireAsync(
            destination, new SessionRequest(hostname, owner) { Fresh = fresh, Client = transaction.Client }, cancellationToken);
        var hasWaited = !acquiring.IsCompleted;
        var lease = await acquiring;
        if (hasWaited)
        {
            await client.Home;
        }

        var journal = transaction.Journal;
        journal.QueueDelay += lease.QueueDelay;
        journal.ConnectionDelay += lease.ConnectDelay;
        if (lease.Session is not { } server)
        {
            journal.Attempt(new AttemptRecord(
                destination.Id, null, lease.Stage, lease.Result, lease.Code, lease.Enhanced, lease.Stage != TransactionStage.Queue));
            return false;
        }

        if (Fit(server, transaction.Envelope) != CandidateStatus.Found)
        {
            journal.Attempt(new AttemptRecord(
                destination.Id, server.RemoteEndPoint, TransactionStage.Ehlo, AttemptResult.NotCapable, 0, default, false));
            services.Pools.Return(server, owner);
            return false;
        }

        Use(transaction, server);
        return true;
    }

    /// <summary>Takes the one server that a transaction may use. False when it is lost or lacks what the transaction needs.</summary>
    private bool TryUse(Transaction transaction, BackendSession bound)
    {
        Status = bound.IsBroken ? CandidateStatus.NoneLeft : Fit(bound, transaction.Envelope);
        if (Status != CandidateStatus.Found)
        {
            return false;
        }

        transaction.Tried.Add(bound.Destination);
        Use(transaction, bound);
        return true;
    }

    private static CandidateStatus Fit(BackendSession server, Envelope envelope)
    {
        var offered = server.Capabilities;
        return (EnvelopeWindow.Needed(envelope) & ~offered.Extensions) != SmtpExtensions.None ? CandidateStatus.ExtensionUnmet
            : offered.SizeLimit > 0 && envelope.Size > offered.SizeLimit ? CandidateStatus.SizeExceeded : CandidateStatus.Found;
    }

    private static void Use(Transaction transaction, BackendSession server)
    {
        server.Transactions++;
        server.Destination.Enter();
        transaction.Server = server;
    }

    /// <summary>Repeats MAIL and the accepted recipients. The server must agree with all that the client was told.</summary>
    private async ValueTask<bool> ReplayAsync(Transaction transaction)
    {
        if (!transaction.IsMailAccepted)
        {
            return true;
        }

        var server = transaction.Server!;
        var timeout = server.Destination.Model.Connection.CommandTimeout;
        var commands = new List<RelayCommand>(transaction.Accepted.Count + 1) { new(TransactionStage.Mail, transaction.Envelope.MailCommand) };
        commands.AddRange(transaction.Accepted.Select(static octets => new RelayCommand(TransactionStage.Rcpt, octets)));
        var isReused = server.IsReused;
        for (var next = 0; next < commands.Count;)
        {
            var stage = commands[next].Stage;
            await ClientForwarding.BeginAsync(server, stage, timeout);
            var due = EnvelopeWindow.Write(server, transaction.Envelope, CollectionsMarshal.AsSpan(commands)[next..]);
            await server.FlushAsync(timeout);
            for (; due > 0; due--, next++)
            {
                stage = commands[next].Stage;
                var read = await server.ReadReplyAsync(timeout);
                if (read == ReplyRead.Reply)
                {
                    transaction.Journal.Reply(server.Destination.Id, stage, server.Reply);
                }

                if (read != ReplyRead.Reply || !server.Reply.IsPositive)
                {
                    Disagree(transaction, stage, read, isReused && next == 0);
                    return false;
                }
            }
        }

        server.IsInTransaction = true;
        return true;
    }

    private void Disagree(Transaction transaction, TransactionStage stage, ReplyRead read, bool isStale)
    {
        if (isStale)
        {
            transaction.Again = transaction.Server!.Destination;
            Fail(transaction, stage, AttemptResult.StaleSession, counts: false, read == ReplyRead.Reply ? transaction.Server.Reply : default);
            return;
        }

        if (read != ReplyRead.Reply)
        {
            Fail(transaction, stage, Faults.Result(read), counts: true);
            return;
        }

        var isHost = ReplyClassifier.Classify(transaction.Server!.Reply, stage) == ReplyClass.Host;
        transaction.IsDead = !isHost;
        Fail(transaction, stage, isHost ? AttemptResult.Refused : AttemptResult.Disagreed, counts: isHost, transaction.Server.Reply);
    }
}
