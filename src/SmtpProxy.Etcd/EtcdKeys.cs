using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using SmtpProxy.Affinity;

namespace SmtpProxy.Etcd;

/// <summary>Where entries lie in etcd: <c>{prefix}/{cluster}/affinity/{key}</c>, cluster and key percent-encoded where they need it.</summary>
internal sealed class EtcdKeys(string prefix)
{
    private const string Folder = "affinity";

    private readonly string _root = prefix.TrimEnd('/') + "/";

    /// <summary>What all keys begin with.</summary>
    public ByteString Root => ByteString.CopyFromUtf8(_root);

    /// <summary>The first key behind all that begin with <paramref name="start"/>.</summary>
    public static ByteString EndOf(ByteString start)
    {
        var end = start.ToByteArray();
        end[^1]++;
        return ByteString.CopyFrom(end);
    }

    /// <summary>The first key behind <paramref name="key"/>.</summary>
    public static ByteString After(ByteString key) => ByteString.CopyFrom([.. key.Span, 0]);

    /// <summary>The key of an entry.</summary>
    public ByteString Of(AffinityKey key) => ByteString.CopyFromUtf8(FolderOf(key.Cluster) + Uri.EscapeDataString(key.Key));

    /// <summary>What all keys of a cluster begin with.</summary>
    public ByteString Of(string cluster) => ByteString.CopyFromUtf8(FolderOf(cluster));

    /// <summary>Reads a key. False for one that is no affinity entry's.</summary>
    public bool TryParse(ByteString key, [NotNullWhen(true)] out AffinityKey? parsed)
    {
        parsed = null;
        var text = key.ToStringUtf8();
        if (!text.StartsWith(_root, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = text[_root.Length..].Split('/');
        if (parts is not [var cluster, Folder, var name])
        {
            return false;
        }

        parsed = new AffinityKey(Uri.UnescapeDataString(cluster), Uri.UnescapeDataString(name));
        return true;
    }

    private string FolderOf(string cluster) => $"{_root}{Uri.EscapeDataString(cluster)}/{Folder}/";
}
