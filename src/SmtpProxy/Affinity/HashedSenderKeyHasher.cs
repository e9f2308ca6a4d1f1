using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SmtpProxy.Model;

namespace SmtpProxy.Affinity;

/// <summary>Keeps 144 bits of HMAC-SHA256 of the sender, or of plain SHA-256 without a secret, as base64url. The cluster takes part, so that
/// entries of two clusters tell nothing of each other.</summary>
/// <remarks>144 bits: no collisions in practice, and 24 characters without padding. Each thread keeps its last key: a message asks up to three
/// times, and mail of one sender comes in runs.</remarks>
internal sealed class HashedSenderKeyHasher(byte[]? secret) : ISenderKeyHasher
{
    private const int KeptBytes = 18;
    private const int StackLimit = 512;

    [ThreadStatic]
    private static KeyedHash? _last;

    /// <inheritdoc/>
    public AffinityKey Hash(string cluster, SenderKey sender)
    {
        if (_last is not { } hash || hash.Owner != this)
        {
            _last?.Dispose();
            _last = hash = new KeyedHash(this, secret);
        }

        return hash.Of(cluster, sender.Value!);
    }

    private sealed class KeyedHash(HashedSenderKeyHasher owner, byte[]? secret) : IDisposable
    {
        private readonly IncrementalHash _hash = secret is null
            ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256)
            : IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);

        private string? _sender;
        private AffinityKey _key;

        public HashedSenderKeyHasher Owner => owner;

        public void Dispose() => _hash.Dispose();

        public AffinityKey Of(string cluster, string sender)
        {
            if (sender != _sender || cluster != _key.Cluster)
            {
                _key = Compute(cluster, sender);
                _sender = sender;
            }

            return _key;
        }

        private AffinityKey Compute(string cluster, string sender)
        {
            var length = Encoding.UTF8.GetMaxByteCount(cluster.Length + 1 + sender.Length);
            var input = length <= StackLimit ? stackalloc byte[StackLimit] : new byte[length];
            var written = Encoding.UTF8.GetBytes(cluster, input);
            input[written++] = 0;
            written += Encoding.UTF8.GetBytes(sender, input[written..]);

            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            _hash.AppendData(input[..written]);
            _hash.GetHashAndReset(digest);
            return new AffinityKey(cluster, Base64Url.EncodeToString(digest[..KeptBytes]));
        }
    }
}
