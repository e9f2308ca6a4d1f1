using System.Net;

namespace SmtpProxy.Protocol;

/// <summary>What a server is told of the client that the proxy speaks for.</summary>
/// <param name="RemoteEndPoint">The client's address and port.</param>
/// <param name="LocalEndPoint">The address and port that the client connected to.</param>
/// <param name="Helo">The name that it gave with HELO or EHLO; empty when there is none; hostile.</param>
/// <param name="IsEsmtp">True when it said EHLO.</param>
public sealed record ForwardedClient(IPEndPoint RemoteEndPoint, IPEndPoint LocalEndPoint, string Helo, bool IsEsmtp)
{
    /// <summary>The user who logged in; null when nobody did.</summary>
    public string? Login { get; init; }

    /// <summary>What the proxy calls the session in its own log; null: nothing.</summary>
    public string? Session { get; init; }

    /// <summary>The transaction's number within its session.</summary>
    public int Number { get; init; }

    /// <summary>What the proxy calls the transaction in its own log; null: nothing.</summary>
    public string? Ident => Session is null ? null : $"{Session}.{Number}";
}
