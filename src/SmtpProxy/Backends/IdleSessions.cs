using SmtpProxy.Model;

namespace SmtpProxy.Backends;

/// <summary>The kept sessions of one pool. A client session has first claim on the session that it used last; the others are taken newest first, so
/// that those which are not needed grow old. Guarded by the pool's lock.</summary>
internal sealed class IdleSessions
{
    // Both in the order in which the sessions became free.
    private readonly LinkedList<PooledSession> _unowned = new();
    private readonly LinkedList<PooledSession> _owned = new();
    private readonly Dictionary<object, PooledSession> _claims = new(ReferenceEqualityComparer.Instance);

    public int Count => _unowned.Count + _owned.Count;

    public int UnownedCount => _unowned.Count;

    /// <summary>The session that is missed least.</summary>
    public PooledSession? Oldest => (_unowned.First ?? _owned.First)?.Value;

    /// <summary>Notes that <paramref name="owner"/> used the session last. An owner has one claim at most: a second session of his is anybody's.</summary>
    public void Claim(PooledSession session, object owner)
    {
        if (_claims.TryAdd(owner, session))
        {
            session.Owner = owner;
        }
    }

    /// <summary>Ends the claim on a session; a kept one becomes anybody's.</summary>
    public void Unclaim(PooledSession session)
    {
        if (session.Owner is not { } owner)
        {
            return;
        }

        _claims.Remove(owner);
        session.Owner = null;
        if (session.Node.List == _owned)
        {
            _owned.Remove(session.Node);
            _unowned.AddLast(session.Node);
        }
    }

    /// <summary>The session that <paramref name="owner"/> has a claim on: kept, or being cleared.</summary>
    public PooledSession? ClaimOf(object owner) => _claims.GetValueOrDefault(owner);

    public void Add(PooledSession session) => (session.Owner is null ? _unowned : _owned).AddLast(session.Node);

    public void Remove(PooledSession session)
    {
        session.Node.List?.Remove(session.Node);
        Unclaim(session);
    }

    /// <summary>Takes the owner's own session, else one that nobody has a claim on, else - if allowed - that of another. Those of the request's lane
    /// come first.</summary>
    /// <param name="request">What the session is wanted for.</param>
    /// <param name="othersToo">Those that another has a claim on, too.</param>
    public PooledSession? Take(in SessionRequest request, bool othersToo)
    {
        var session = ClaimOf(request.Owner) is { State: PooledState.Idle } own && own.Serves(request) ? own
            : Newest(_unowned, request, anyLane: false) ?? Newest(_unowned, request, anyLane: true)
                ?? (othersToo ? Newest(_owned, request, anyLane: true) : null);
        if (session is not null)
        {
            Remove(session);
        }

        return session;
    }

    /// <summary>The sessions for which <paramref name="condition"/> holds.</summary>
    public List<PooledSession> Where(Func<PooledSession, bool> condition) => [.. _unowned.Where(condition), .. _owned.Where(condition)];

    /// <summary>The sessions to close: those that died or are too old, and those that idled for too long, the oldest first, as long as enough are left.</summary>
    /// <param name="model">What is in force.</param>
    /// <param name="time">The clock.</param>
    /// <param name="busy">Sessions beside these.</param>
    /// <param name="wanted">How many there should be at least.</param>
    public List<PooledSession> Expired(DestinationModel model, TimeProvider time, int busy, int wanted)
    {
        var gone = Where(session => !session.IsUsable(model, time) || !session.Session.IsClean());
        var spare = Count - gone.Count + busy - wanted;
        gone.AddRange(Where(session =>
            time.GetElapsedTime(session.IdleSince) >= model.Connection.PoolIdle && !gone.Contains(session) && spare-- > 0));
        return gone;
    }

    /// <summary>The smallest <paramref name="value"/> of all sessions; there must be one.</summary>
    public TimeSpan Min(Func<PooledSession, TimeSpan> value) => _unowned.Concat(_owned).Min(value);

    private static PooledSession? Newest(LinkedList<PooledSession> list, in SessionRequest request, bool anyLane)
    {
        for (var node = list.Last; node is not null; node = node.Previous)
        {
            if ((anyLane || node.Value.Lane == request.Lane) && node.Value.Serves(request))
            {
                return node.Value;
            }
        }

        return null;
    }
}
