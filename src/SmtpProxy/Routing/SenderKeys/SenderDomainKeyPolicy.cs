using SmtpProxy.Configuration;
using SmtpProxy.Model;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>The domain of the sender in lower case. A sender without a domain is a user of this site: all of them count as one.</summary>
internal sealed class SenderDomainKeyPolicy : ISenderKeyPolicy
{
    /// <summary>The key of all senders without a domain; no domain can look like it.</summary>
    internal const string NoDomain = "@";

    public string Name => SenderKeyPolicies.SenderDomain;

    public SenderKey GetKey(in SenderKeyContext context)
    {
        if (context.Envelope.IsNullSender)
        {
            return new SenderKey(SenderAddressKeyPolicy.NullSender);
        }

        return new SenderKey(context.Domain.IsEmpty ? NoDomain : ToLower(context.Domain));
    }

    private static string ToLower(ReadOnlySpan<char> domain) =>
        string.Create(domain.Length, domain, static (text, source) => source.ToLowerInvariant(text));
}
