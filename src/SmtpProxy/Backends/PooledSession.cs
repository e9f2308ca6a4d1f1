using SmtpProxy.Model;

namespace SmtpProxy.Backends;

/// <summary>What a pool knows of one of its sessions. Guarded by the pool's lock.</summary>
internal sealed class PooledSession
{
    private TaskCompletionSource? _reset;

    public PooledSession(BackendSession session, in SessionRequest request, DestinationModel connectedTo)
    {
        Session = session;
        Hostname = request.Hostname;
        Binding = request.Binding;
        Lane = request.Lane;
        ConnectedTo = connectedTo;
        Reused = LeaseResult.Of(session);
        Node = new LinkedListNode<PooledSession>(this);
    }

    public BackendSession Session { get; }

    /// <summary>The lease of this session without any wait; the same each time, so that a hit allocates nothing.</summary>
    public LeaseResult Reused { get; }

    /// <summary>The session's place in one of the lists of idle sessions.</summary>
    public LinkedListNode<PooledSession> Node { get; }

    /// <summary>Whom it may serve.</summary>
    public SessionBinding Binding { get; }

    /// <summary>The lane of the transport on which its replies arrive.</summary>
    public int Lane { get; }

    public PooledState State { get; set; } = PooledState.Leased;

    /// <summary>The client session that used it last and is still there.</summary>
    public object? Owner { get; set; }

    /// <summary>True when the client session that alone it may serve has gone, or has another that it uses instead.</summary>
    public bool IsOrphan => Binding.EndsWithOwner && Owner is null;

    /// <summary>Timestamp since when it is idle.</summary>
    public long IdleSince { get; set; }

    /// <summary>Ends when RSET was answered, in whatever way.</summary>
    public Task Reset => _reset?.Task ?? Task.CompletedTask;

    // The name given in EHLO: a listener with another name needs another session.
    private string Hostname { get; }

    private DestinationModel ConnectedTo { get; }

    public void BeginReset()
    {
        State = PooledState.Resetting;
        _reset = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void EndReset() => _reset?.TrySetResult();

    /// <summary>True when the session was opened under the name that is wanted, and is bound to nobody else.</summary>
    public bool Serves(in SessionRequest request) =>
        string.Equals(Hostname, request.Hostname, StringComparison.Ordinal) && Binding == request.Binding;

    /// <summary>Takes the session for a request. False when it is of no use any more.</summary>
    public bool TryServe(in SessionRequest request, DestinationModel model, TimeProvider time)
    {
        Session.Client = request.Client;
        Session.IsReused = true;
        return Session.IsClean() && IsUsable(model, time);
    }

    /// <summary>True when the session is young enough, and still with the server that <paramref name="model"/> names.</summary>
    public bool IsUsable(DestinationModel model, TimeProvider time) =>
        time.GetElapsedTime(Session.CreatedAt) < model.Connection.PoolMaxAge
        && (ReferenceEquals(model, ConnectedTo)
            || (model.Port == ConnectedTo.Port && string.Equals(model.Host, ConnectedTo.Host, StringComparison.OrdinalIgnoreCase)));
}
