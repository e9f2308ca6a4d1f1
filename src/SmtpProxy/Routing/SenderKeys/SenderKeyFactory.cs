using SmtpProxy.Model;

namespace SmtpProxy.Routing.SenderKeys;

/// <summary>Makes the sender keys of one cluster.</summary>
/// <param name="policy">What affinity is kept for; null: it is not kept.</param>
/// <param name="nullSenderPolicy">What gives the null sender a key; null: it has none.</param>
/// <param name="normalizers">Steps before the policy, in order.</param>
/// <param name="foldLocalPart">True when the case of local parts does not matter.</param>
internal sealed class SenderKeyFactory(
    ISenderKeyPolicy? policy,
    ISenderKeyPolicy? nullSenderPolicy,
    ISenderNormalizer[] normalizers,
    bool foldLocalPart)
{
    private const int StackLength = 256;

    /// <summary>The key of a transaction, or none.</summary>
    public SenderKey Create(Envelope envelope)
    {
        if (envelope.IsNullSender)
        {
            return nullSenderPolicy is null ? SenderKey.None : nullSenderPolicy.GetKey(new SenderKeyContext(envelope, default));
        }

        if (policy is null)
        {
            return SenderKey.None;
        }

        var localPart = envelope.SenderLocalPart;
        if (!foldLocalPart && !LocalPartText.IsQuoted(localPart))
        {
            return Create(envelope, localPart);
        }

        var buffer = localPart.Length <= StackLength ? stackalloc char[StackLength] : new char[localPart.Length];
        return Create(envelope, Prepare(localPart, buffer));
    }

    /// <summary>The key of a login, whatever affinity is kept for otherwise: all mail of a session that is logged in goes where the login went.</summary>
    public SenderKey CreateForLogin(Envelope envelope) => policy is null ? SenderKey.None : AuthenticatedUserKeyPolicy.KeyOf(envelope);

    private SenderKey Create(Envelope envelope, ReadOnlySpan<char> localPart)
    {
        var sender = new SenderParts { LocalPart = localPart, Domain = envelope.SenderDomain };
        Normalize(ref sender);
        return policy!.GetKey(new SenderKeyContext(envelope, sender));
    }

    /// <summary>Until nothing is left to strip: addresses are rewritten in layers, in any order. What has one layer left would be another
    /// key than the same without it.</summary>
    private void Normalize(ref SenderParts sender)
    {
        // Each layer is at least a character long. A step that strips without end must not hang the session.
        var layers = sender.LocalPart.Length;
        for (var isChanged = true; isChanged && layers > 0;)
        {
            isChanged = false;
            foreach (var normalizer in normalizers)
            {
                while (layers > 0 && normalizer.TryStrip(ref sender))
                {
                    layers--;
                    isChanged = true;
                }
            }
        }
    }

    private ReadOnlySpan<char> Prepare(ReadOnlySpan<char> localPart, Span<char> buffer)
    {
        var length = localPart.Length;
        if (LocalPartText.IsQuoted(localPart))
        {
            length = LocalPartText.Unquote(localPart, buffer);
        }
        else
        {
            localPart.CopyTo(buffer);
        }

        if (foldLocalPart)
        {
            foreach (ref var unit in buffer[..length])
            {
                unit = char.ToLowerInvariant(unit);
            }
        }

        return buffer[..length];
    }
}
