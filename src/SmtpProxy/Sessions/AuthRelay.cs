using SmtpProxy.Backends;
using SmtpProxy.Model;
using SmtpProxy.Protocol;

namespace SmtpProxy.Sessions;

/// <summary>The server's side of AUTH: finds the server of a login and passes on what is said, to the verdict. A server that cannot say is left for
/// the next one as long as that one can be told the same; a refusal is final.</summary>
internal sealed class AuthRelay(ServerFinder finder, SessionServices services, TransactionFlow flow, ClientChannel client, CancellationToken ended)
{
    // The search for a server is a transaction's; this one is never accounted for.
    private Transaction? _search;

    /// <summary>True while a server waits for an answer of the client.</summary>
    public bool IsEngaged => _search?.Server is not null;

    /// <summary>Chooses a server and begins.</summary>
    /// <param name="attempt">What the client has said.</param>
    /// <param name="search">Its route, as yet without a server.</param>
    public async ValueTask<AuthResult> BeginAsync(AuthAttempt attempt, Transaction search)
    {
        _search = search;
        await finder.ResolveAsync(search, ended);
        return await RunAsync(attempt, search);
    }

    /// <summary>Goes on with an answer of the client, which the attempt has taken. None: the server has another question.</summary>
    public ValueTask<AuthResult> ContinueAsync(AuthAttempt attempt)
    {
        attempt.Continue(_search!.Server!);
        return RunAsync(attempt, _search);
    }

    /// <summary>Takes back what was begun. True when the client has been told so by the server.</summary>
    public async ValueTask<bool> CancelAsync(bool tell)
    {
        if (_search?.Server is not { } server)
        {
            return false;
        }

        var timeout = server.Destination.Model.Connection.CommandTimeout;
        SmtpCommands.WriteAuthResponse(server.Output, "*"u8);
        server.Expect(1);
        await server.FlushAsync(timeout);
        if (await ReadReplyAsync(server, timeout) != ReplyRead.Reply || !server.Reply.IsPermanent)
        {
            // Whatever it takes this for, it may still wait for an answer.
            Drop();
            return false;
        }

        if (tell)
        {
            client.Write(server.Reply);
        }

        Release();
        return tell;
    }

    /// <summary>The client has gone: what its server still waits for would be an answer, so nothing more is said.</summary>
    public void Drop()
    {
        if (_search is { Server: { } server } search)
        {
            search.Server = null;
            server.Destination.Leave();
            services.Pools.Discard(server);
        }
    }

    private async ValueTask<AuthResult> RunAsync(AuthAttempt attempt, Transaction search)
    {
        while (true)
        {
            if (search.Server is null && !await TryEngageAsync(attempt, search))
            {
                return Refuse(search);
            }

            var server = search.Server!;
            var timeout = server.Destination.Model.Connection.CommandTimeout;
            await server.FlushAsync(timeout);
            var read = await ReadReplyAsync(server, timeout);
            var code = read == ReplyRead.Reply ? server.Reply.Code : 0;
            if (code == 334 && attempt.HasNext)
            {
                attempt.Continue(server);
            }
            else if (code == 334)
            {
                attempt.Challenged();
                client.Write(server.Reply);
                return AuthResult.None;
            }
            else if (IsVerdict(search, read))
            {
                return Conclude(attempt, search, server);
            }
            else
            {
                GiveUp(search, read);
                if (!attempt.IsReplayable)
                {
                    return Refuse(search);
                }
            }
        }
    }

    /// <summary>Counted here: a login is no transaction, whose record would tell of its replies.</summary>
    private async ValueTask<ReplyRead> ReadReplyAsync(BackendSession server, TimeSpan timeout)
    {
        var read = await server.ReadReplyAsync(timeout);
        if (read == ReplyRead.Reply)
        {
            services.Replies.Add(new ReplyCount(server.Destination.Id, TransactionStage.Auth, server.Reply.Code, server.Reply.Enhanced, 1));
        }

        return read;
    }

    private async ValueTask<bool> TryEngageAsync(AuthAttempt attempt, Transaction search)
    {
        while (await finder.FindAsync(search, ended))
        {
            var server = search.Server!;
            if (server.Capabilities.HasMechanism(attempt.Mechanism))
            {
                attempt.Begin(server);
                return true;
            }

            search.Journal.Attempt(new AttemptRecord(
                server.Destination.Id, server.RemoteEndPoint, TransactionStage.Auth, AttemptResult.NotCapable, 0, default, false));
            Release();
        }

        return false;
    }

    /// <summary>True when the server's reply is what the client gets.</summary>
    private static bool IsVerdict(Transaction search, ReplyRead read)
    {
        if (read != ReplyRead.Reply)
        {
            return false;
        }

        var reply = search.Server!.Reply;
        return reply.IsPositive || reply.IsPermanent || ReplyClassifier.Classify(reply, TransactionStage.Auth) == ReplyClass.Policy;
    }

    private AuthResult Conclude(AuthAttempt attempt, Transaction search, BackendSession server)
    {
        client.Write(server.Reply);
        if (server.Reply.IsPositive)
        {
            // A login that succeeded stays the session's own from here on, not the search's.
            search.Server = null;
            server.Destination.Leave();
            server.IsReused = false;
            flow.Bind(new BoundLogin(attempt.Login, search, server));
            return AuthResult.Accepted;
        }

        var isPermanent = server.Reply.IsPermanent;
        Release();
        return isPermanent ? AuthResult.Rejected : AuthResult.Deferred;
    }

    private void GiveUp(Transaction search, ReplyRead read)
    {
        var server = search.Server!;
        var isRefusal = read == ReplyRead.Reply && server.Reply.IsTransient;
        if (server.IsReused && (!isRefusal || server.Reply.Code == 421))
        {
            search.Again = server.Destination;
            finder.Fail(search, TransactionStage.Auth, AttemptResult.StaleSession, counts: false);
            return;
        }

        search.LastRefusal = isRefusal ? Refusals.AsRelayed(server.Reply) : search.LastRefusal;
        var result = read != ReplyRead.Reply ? Faults.Result(read) : isRefusal ? AttemptResult.Refused : AttemptResult.ProtocolError;
        finder.Fail(search, TransactionStage.Auth, result, counts: true, isRefusal ? server.Reply : default);
    }

    private AuthResult Refuse(Transaction search)
    {
        var attempts = search.Journal.Attempts;
        if (attempts.Count > 0 && attempts.All(static a => a.Result == AttemptResult.NotCapable))
        {
            client.Refuse(SmtpReplies.UnknownMechanism);
            return AuthResult.Rejected;
        }

        if (search.LastRefusal is { } last)
        {
            client.Write(last);
        }
        else
        {
            client.Refuse(SmtpReplies.AuthUnavailable);
        }

        return AuthResult.Deferred;
    }

    private void Release()
    {
        var server = _search!.Server!;
        _search.Server = null;
        server.Destination.Leave();
        services.Pools.Return(server, owner: flow);
    }
}
