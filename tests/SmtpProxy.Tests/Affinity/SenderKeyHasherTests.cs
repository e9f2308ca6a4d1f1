using SmtpProxy.Affinity;
using SmtpProxy.Configuration;
using SmtpProxy.Model;
using Xunit;

namespace SmtpProxy.Tests.Affinity;

public sealed class SenderKeyHasherTests
{
    private static readonly SenderKey Sender = new("user@example.org");

    [Fact]
    public void Hash_Plain_TheSender()
    {
        var hasher = SenderKeyHasher.Create(new AffinityStoreConfig { Keys = AffinityKeyMode.Plain });

        Assert.Equal(new AffinityKey("pool", "user@example.org"), hasher.Hash("pool", Sender));
    }

    [Fact]
    public void Hash_WithoutSecret_StableAndWithoutTheSender()
    {
        var hasher = SenderKeyHasher.Create(new AffinityStoreConfig());

        var key = hasher.Hash("pool", Sender);

        // Pinned: all proxies of a version, and of the next one, must find the same key.
        Assert.Equal(new AffinityKey("pool", "IgkMlwjZ-FHpRIQWJTQL-Yum"), key);
    }

    [Fact]
    public void Hash_OtherSenderClusterOrSecret_OtherKey()
    {
        var plain = new HashedSenderKeyHasher(secret: null);
        var keyed = new HashedSenderKeyHasher("secret"u8.ToArray());

        string[] keys =
        [
            plain.Hash("pool", Sender).Key, plain.Hash("pool2", Sender).Key, plain.Hash("pool", new SenderKey("user@example.com")).Key,
            plain.Hash("poolu", new SenderKey("ser@example.org")).Key, keyed.Hash("pool", Sender).Key,
            plain.Hash("pool", new SenderKey(new string('x', 5000))).Key,
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, static key => Assert.Matches("^[A-Za-z0-9_-]{24}$", key));
    }

    [Fact]
    public async Task Create_HashKeyFile_KeyedWithItsBytes()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "secret", TestContext.Current.CancellationToken);
        try
        {
            var hasher = SenderKeyHasher.Create(new AffinityStoreConfig { HashKeyFile = file });

            Assert.Equal(new HashedSenderKeyHasher("secret"u8.ToArray()).Hash("pool", Sender), hasher.Hash("pool", Sender));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
