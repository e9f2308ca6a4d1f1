using SmtpProxy.Configuration;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary><c>user+tag</c> counts as <c>user</c> (RFC 5233).</summary>
internal sealed class SubAddressNormalizer : ISenderNormalizer
{
    public string Name => SenderNormalizers.SubAddress;

    public bool TryStrip(ref SenderParts sender)
    {
        // A plus inside an SRS address may be part of its hash or its separator: the address behind it must stay whole.
        var plus = sender.LocalPart.IndexOf('+');
        if (plus <= 0 || SrsNormalizer.IsRewritten(sender.LocalPart))
        {
            return false;
        }

        sender.LocalPart = sender.LocalPart[..plus];
        return true;
    }
}
