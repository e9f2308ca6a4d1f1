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
    public void Hash_AskedAgain_TheSameOnEveryThread()
    {
        var hasher = new HashedSenderKeyHasher(secret: null);
        var other = new HashedSenderKeyHasher("secret"u8.ToArray());
        SenderKey[] senders = [Sender, Sender, new("second@example.org"), Sender];
        string[] clusters = ["pool", "pool", "pool2", "pool"];
        var first = (from sender in senders from cluster in clusters select hasher.Hash(cluster, sender)).ToArray();

        Parallel.For(0, 100, round =>
        {
            var again = (from sender in senders from cluster in clusters select hasher.Hash(cluster, sender)).ToArray();

            Assert.Equal(first, again);
            Assert.DoesNotContain(other.Hash("pool", senders[round % senders.Length]), first);
        });

        Assert.Equal("IgkMlwjZ-FHpRIQWJTQL-Yum", first[0].Key);
        Assert.Equal(4, first.Distinct().Count());
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
