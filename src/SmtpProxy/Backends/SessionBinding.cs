using SmtpProxy.Configuration;

namespace SmtpProxy.Backends;

/// <summary>Whom a session may serve: the server judges all mail on it as that of the client whom it was told of first. The default is everybody.</summary>
/// <param name="Client">The client session, or who the client is; null: everybody.</param>
/// <param name="EndsWithOwner">True when the session is of no use once that client session has ended.</param>
internal readonly record struct SessionBinding(object? Client, bool EndsWithOwner)
{
    /// <summary>How a session for <paramref name="request"/> is bound.</summary>
    public static SessionBinding Of(IdentityMode identity, in SessionRequest request) => identity switch
    {
        IdentityMode.None or IdentityMode.XForward => default,
        IdentityMode.XClient when request.Client is { } client => new(ClientKey.Of(client), EndsWithOwner: false),

        // A PROXY header names one connection. A session on which the proxy speaks for itself is for no client either.
        _ => new(request.Owner, EndsWithOwner: true),
    };
}
