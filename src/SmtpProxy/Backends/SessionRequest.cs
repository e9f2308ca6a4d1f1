using SmtpProxy.Protocol;

namespace SmtpProxy.Backends;

/// <summary>What a session is wanted for.</summary>
/// <param name="Hostname">The name to give in EHLO.</param>
/// <param name="Owner">The client session; it is given the session again that it used last.</param>
internal readonly record struct SessionRequest(string Hostname, object Owner)
{
    /// <summary>True: a new connection, because a kept one has just failed.</summary>
    public bool Fresh { get; init; }

    /// <summary>Whom the proxy speaks for; null: for itself.</summary>
    public ForwardedClient? Client { get; init; }

    /// <summary>The transport's lane that the client session runs on; a session of the same lane needs no thread to be woken. Set by the pool.</summary>
    public int Lane { get; init; }

    /// <summary>Whom the session must be bound to. Set by the pool, which knows how its server is told.</summary>
    public SessionBinding Binding { get; init; }
}
