using SmtpProxy.Configuration;

namespace SmtpProxy.Affinity;

/// <summary>Makes the hasher that the configuration asks for.</summary>
internal static class SenderKeyHasher
{
    /// <summary>Reads the secret when one is set.</summary>
    public static ISenderKeyHasher Create(AffinityStoreConfig config) => config.Keys switch
    {
        AffinityKeyMode.Plain => new PlainSenderKeyHasher(),
        _ when config.HashKeyFile is { } file => new HashedSenderKeyHasher(File.ReadAllBytes(file)),
        _ => new HashedSenderKeyHasher(secret: null),
    };
}
