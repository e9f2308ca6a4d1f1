using System.Runtime.CompilerServices;
using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using SmtpProxy.Protocol;
using SmtpProxy.Relay;
using SmtpProxy.Routing;

namespace SmtpProxy.Sessions;

/// <summary>The transactions of one session, one after another, each routed by its own sender and accounted for exactly once.</summary>
internal sealed class TransactionFlow
{
    private readonly ClientIdentity _identity;
    private readonly ClientChannel _client;
    private readonly SnapshotSource _source;
    private readonly SessionServices _services;
    private readonly EnvelopeExchange _envelopes;
    private readonly ListenerConfig _listener;
    private readonly SessionSplice? _splice;
    private readonly CommandGroup _group = new();
    private readonly int _maxPending;
    private readonly CancellationToken _ended;
    private BodyExchange? _bodies;
    private ChunkExchange? _chunks;
    private Envelope? _next;
    private Transaction? _current;
    private Chunk? _chunk;
    private int _count;

    public TransactionFlow(
        ClientIdentity identity, ClientChannel client, ListenerConfig listener, SnapshotSource source, SessionServices services,
        CancellationToken ended)
    {
        _identity = identity;
        _client = client;
        _source = source;
        _services = services;
        _ended = ended;
        _maxPending = listener.Limits.MaxPipelinedCommands;
        Finder = new ServerFinder(services, client, listener.Hostname, owner: this);
        _envelopes = new EnvelopeExchange(Finder, client, ended);
        _listener = listener;
        _splice = listener.RelayMode == RelayMode.Session ? new SessionSplice(services, Finder, client, listener, Begin) : null;
    }

    /// <summary>How transactions get their servers, which a login needs as well.</summary>
    public ServerFinder Finder { get; }

    /// <summary>The server session that the client has logged in to, or null.</summary>
    public BoundLogin? Login { get; private set; }

    /// <summary>True from MAIL, answered or not, to the end of the transaction.</summary>
    public bool IsInTransaction => _current is not null || _group.HasMail;

    /// <summary>How far the transaction has come, as far as the order of commands goes.</summary>
    public DialogueState State => !IsInTransaction ? DialogueState.None
        : _current is { HasChunks: true } ? DialogueState.Chunks
        : Has(SmtpExtensions.BinaryMime) ? DialogueState.BinaryEnvelope : DialogueState.Envelope;

    /// <summary>Commands that still wait to be sent to a server.</summary>
    public int Pending => _group.Count;

    /// <summary>True when the gathered commands must be sent now: the text may follow, or they are as many as may wait.</summary>
    public bool IsDue => _group.HasData || _chunk is not null || (_splice is not null && _group.HasMail) || _group.Count >= _maxPending;

    /// <summary>Recipients accepted or still to be asked for.</summary>
    public int Recipients => (_current?.Accepted.Count ?? 0) + _group.Count;

    /// <summary>True when the sender asked for SMTPUTF8: recipients need not be ASCII then (RFC 6531 section 3.4).</summary>
    public bool IsUtf8 => Has(SmtpExtensions.SmtpUtf8);

    public void AddMail(in EnvelopeCommand command, string helo, bool isEsmtp)
    {
        _next = EnvelopeReader.Read(command, _identity, helo, isEsmtp, _group.Begin());
        _next = Login is null ? _next : _next with { Login = Login.Client };
        _group.AddMail(_next.MailCommand);
    }

    public void AddRecipient(in EnvelopeCommand command) => _group.AddRecipient(command);

    public void AddData() => _group.AddData();

    /// <summary>A BDAT within the transaction; nothing else waits to be sent then.</summary>
    public void AddChunk(Chunk chunk) => _chunk = chunk;

    /// <summary>Has the gathered commands answered, and the text that follows a 354 or a BDAT. Returns why the session must end, or none.</summary>
    public ValueTask<SessionEnd> RunAsync() => _chunk is { } chunk ? RunChunkAsync(chunk) : RunGroupAsync();

    /// <summary>After a refused DATA: what the client sent without waiting for the answer is the text of a message and never run as commands.</summary>
    public SessionEnd RefuseEarlyText()
    {
        if (!_client.TryRead(out var result))
        {
            return SessionEnd.None;
        }

        var isEarly = !result.Buffer.IsEmpty;
        _client.Advance(result, result.Buffer, needMore: false);
        if (isEarly)
        {
            _client.Refuse(SmtpReplies.RefusedData);
        }

        return isEarly ? SessionEnd.ProtocolError : SessionEnd.None;
    }

    /// <summary>The client ends the transaction: RSET, a new EHLO, QUIT or its going.</summary>
    public void Abandon()
    {
        _group.Clear();
        if (_current is { } transaction)
        {
            Complete(transaction.Accepted.Count == 0 || transaction.IsDead ? Records.Refused(transaction) : TransactionOutcome.Aborted);
        }
    }

    /// <summary>The client has logged in: all its mail goes by this server session from now on.</summary>
    public void Bind(BoundLogin login) => Login = login;

    /// <summary>The login counts no more. Its server session serves nobody else.</summary>
    public void Unbind()
    {
        if (Login is { Server: var server })
        {
            Login = null;
            GiveBack(server);
        }
    }

    /// <summary>The session is over: nothing of it stays behind.</summary>
    public void Close()
    {
        Abandon();
        Unbind();
        _services.Pools.ReleaseOwner(this);
    }

    private async ValueTask<SessionEnd> RunChunkAsync(Chunk chunk)
    {
        _chunk = null;
        var verdict = await (_chunks ??= new(Finder, Verdicts(), _client, _listener, _ended)).RunAsync(_current!, chunk);
        _current!.Server?.ForgetReply();
        if (verdict.Outcome != TransactionOutcome.None)
        {
            Complete(verdict.Outcome);
        }

        return verdict.End;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SessionEnd> RunGroupAsync()
    {
        if (_group.Count >= _maxPending)
        {
            _services.Limits.Hit(LimitKind.MaxPipelinedCommands);
        }

        _current ??= await BeginAsync(_next!);
        var isTextNext = await _envelopes.RunAsync(_current, _group);
        _current.Server?.ForgetReply();
        var hadData = _group.HasData;
        _group.Clear();
        if (_splice is { } splice && _current is { IsMailAccepted: true } first)
        {
            (_current, _next) = (null, null);
            return await splice.RunAsync(first);
        }

        if (isTextNext)
        {
            var verdict = await (_bodies ??= new(Finder, Verdicts(), _client, _listener)).RunAsync(_current);
            Complete(verdict.Outcome);
            return verdict.End;
        }

        if (_current.HasLostLogin)
        {
            Complete(Records.Refused(_current));
            return SessionEnd.LoginLost;
        }

        if (!_current.IsMailAccepted)
        {
            Complete(Records.Refused(_current));
        }

        return hadData ? RefuseEarlyText() : SessionEnd.None;
    }

    private bool Has(SmtpExtensions extension) => ((_current?.Envelope ?? _next)?.Required & extension) == extension;

    private async ValueTask<Transaction> BeginAsync(Envelope envelope)
    {
        if (Login is { } login)
        {
            return await BeginBoundAsync(envelope, login);
        }

        var transaction = Begin(envelope, _source.Current.Routes.Match(envelope));
        var resolving = Finder.ResolveAsync(transaction, _ended);
        if (!resolving.IsCompletedSuccessfully)
        {
            // A store answers on another thread.
            await resolving;
            await _client.Home;
        }

        transaction.Journal.RoutingDelay = _services.Time.GetElapsedTime(transaction.StartedAt);
        return transaction;
    }

    private Transaction Begin(Envelope envelope, RouteMatch? match) =>
        new(envelope, ++_count, match, _services.Time) { IsTls = _client.IsTls };

    /// <summary>The client has logged in: neither its sender nor an entry of that sender can lead anywhere else.</summary>
    private async ValueTask<Transaction> BeginBoundAsync(Envelope envelope, BoundLogin login)
    {
        var transaction = new Transaction(envelope, ++_count, login.Match, _services.Time)
        {
            IsTls = _client.IsTls,
            Bound = login.Server,
            Entry = login.Entry,
            Affinity = login.Affinity,
        };
        login.TakeFailedAttempts().ForEach(transaction.Journal.Attempt);
        if (_services.Affinity.TryGet(login.Match.Route.Cluster.Id, login.Match.Key, out AffinityLookup found) && found.Entry is { } entry)
        {
            // The look renews the entry, and whoever moved it in the meantime was right: the next login follows.
            (login.Entry, login.Affinity) = (entry, found.Use);
        }

        await login.PrepareAsync();
        return transaction;
    }

    // Made when a text comes: a session that waits for its client has no need of it.
    private BodyVerdicts Verdicts() => new(Finder, _client, _services.Limits);

    private void GiveBack(BackendSession server)
    {
        if (server.Outstanding == 0)
        {
            _services.Pools.Return(server, owner: this);
        }
        else
        {
            // It may still wait for a text, in which no command of ours must end up.
            _services.Pools.Discard(server);
        }
    }

    private void Complete(TransactionOutcome outcome)
    {
        var transaction = _current!;
        _current = null;
        _next = null;
        if (transaction.Server is { } server)
        {
            if (!transaction.IsAnswered)
            {
                transaction.Journal.Attempt(Records.LastAttempt(transaction, server, outcome));
            }

            transaction.Server = null;
            server.Destination.Leave();
            if (transaction.Bound is null)
            {
                GiveBack(server);
            }
            else if (server.Outstanding != 0)
            {
                _services.Pools.Discard(server);
            }
        }

        _services.Accountant.Complete(Records.Of(transaction, outcome, Finder.Fallback(transaction), _services.Time));
    }
}
