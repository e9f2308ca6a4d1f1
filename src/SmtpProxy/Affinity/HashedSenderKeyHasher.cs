using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>Keeps 144 bits of HMAC-SHA256 of the sender, or of plain SHA-256 without a secret, as base64url. The cluster takes part, so that
/// entries of two clusters tell nothing of each other.</summary>
/// <remarks>144 bits: no collisions in practice, and 24 characters without padding.</remarks>
internal sealed class HashedSenderKeyHasher(byte[]? secret) : ISenderKeyHasher
{
    private const int KeptBytes = 18;
    private const int StackLimit = 512;

    /// <inheritdoc/>
    public AffinityKey Hash(string cluster, SenderKey sender)
    {
        var text = sender.Value!;
        var length = Encoding.UTF8.GetMaxByteCount(cluster.Length + 1 + text.Length);
        var input = length <= StackLimit ? stackalloc byte[StackLimit] : new byte[length];
        var written = Encoding.UTF8.GetBytes(cluster, input);
        input[written++] = 0;
        written += Encoding.UTF8.GetBytes(text, input[written..]);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (secret is null)
        {
            SHA256.HashData(input[..written], hash);
        }
        else
        {
            HMACSHA256.HashData(secret, input[..written], hash);
        }

        return new AffinityKey(cluster, Base64Url.EncodeToString(hash[..KeptBytes]));
    }
}
