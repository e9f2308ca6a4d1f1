using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>The name that the client logged in with. Servers take names regardless of case, so all of it is folded; a client without a login
/// has no key.</summary>
internal sealed class AuthenticatedUserKeyPolicy : ISenderKeyPolicy
{
    public string Name => SenderKeyPolicies.AuthenticatedUser;

    public SenderKey GetKey(in SenderKeyContext context) => KeyOf(context.Envelope);

    /// <summary>The key of the envelope's login, or none. Where only the server can read the name, the client's network stands for it.</summary>
    public static SenderKey KeyOf(Envelope envelope) => envelope.Login switch
    {
        null => SenderKey.None,
        { User: { } user } => new SenderKey(user.ToLowerInvariant()),
        _ => ClientNetworkKeyPolicy.KeyOf(envelope.Client.RemoteEndPoint.Address),
    };
}
