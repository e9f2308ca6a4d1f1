using System.Net;
using SmtpProxy.Protocol;

namespace SmtpProxy.Backends;

/// <summary>What two connections must have in common to count as the same client of a server. Not the client's port, which differs with each
/// connection and which no policy judges.</summary>
internal sealed record ClientKey(IPAddress Address, IPEndPoint Local, string Helo, bool IsEsmtp, string? Login)
{
    public static ClientKey Of(ForwardedClient client) =>
        new(client.RemoteEndPoint.Address, client.LocalEndPoint, client.Helo, client.IsEsmtp, client.Login);
}
