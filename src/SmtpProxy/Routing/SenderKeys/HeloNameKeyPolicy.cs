using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>The name that the client gave in EHLO or HELO, in lower case.</summary>
internal sealed class HeloNameKeyPolicy : ISenderKeyPolicy
{
    public string Name => SenderKeyPolicies.HeloName;

    public SenderKey GetKey(in SenderKeyContext context) =>
        context.Envelope.Helo is { Length: > 0 } name ? new SenderKey(name.ToLowerInvariant()) : SenderKey.None;
}
