using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>Keeps the sender as it is: the operator asked for it.</summary>
internal sealed class PlainSenderKeyHasher : ISenderKeyHasher
{
    /// <inheritdoc/>
    public AffinityKey Hash(string cluster, SenderKey sender) => new(cluster, sender.Value!);
}
