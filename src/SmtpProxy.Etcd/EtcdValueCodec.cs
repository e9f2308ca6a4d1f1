using System.Text.Json;
using Google.Protobuf;
using Mvccpb;
using SmtpProxy.Model;

namespace SmtpProxy.Etcd;

/// <summary>Turns entries into values and back.</summary>
/// <remarks>An entry's generation is the revision of etcd at which its choice was made: it grows over all keys, also when a key is removed and
/// made anew. The value that makes a choice cannot hold its own revision and leaves it out; one that renews writes it down.</remarks>
internal static class EtcdValueCodec
{
    /// <summary>The value that makes a choice.</summary>
    public static ByteString EncodeNew(AffinityEntry entry, string owner) => Encode(entry, generation: 0, owner);

    /// <summary>The value that keeps the choice of <paramref name="entry"/>.</summary>
    public static ByteString EncodeRenewed(AffinityEntry entry, string owner) => Encode(entry, entry.Generation, owner);

    /// <summary>Reads a value. Null when it is not one of ours, or of a version that is not known.</summary>
    public static AffinityEntry? Decode(KeyValue pair) => Read(pair) is not { } value ? null : new AffinityEntry(
        value.Destination,
        (AffinityReason)value.Reason,
        DateTimeOffset.FromUnixTimeMilliseconds(value.AssignedAt),
        DateTimeOffset.FromUnixTimeMilliseconds(value.ExpiresAt),
        value.Generation == 0 ? pair.ModRevision : value.Generation,
        value.AvoidedDestination,
        value.AvoidedUntil is { } until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null,
        value.IsFixed);

    /// <summary>The mark of the write that made the value, or null.</summary>
    public static string? OwnerOf(KeyValue pair) => Read(pair)?.Owner;

    private static ByteString Encode(AffinityEntry entry, long generation, string owner)
    {
        var value = new EtcdValue
        {
            Destination = entry.Destination,
            Reason = (byte)entry.Reason,
            AssignedAt = entry.AssignedAt.ToUnixTimeMilliseconds(),
            ExpiresAt = entry.ExpiresAt.ToUnixTimeMilliseconds(),
            Generation = generation,
            AvoidedDestination = entry.AvoidedDestination,
            AvoidedUntil = entry.AvoidedUntil?.ToUnixTimeMilliseconds(),
            IsFixed = entry.IsFixed,
            Owner = owner,
        };
        return UnsafeByteOperations.UnsafeWrap(JsonSerializer.SerializeToUtf8Bytes(value, EtcdValueContext.Default.EtcdValue));
    }

    private static EtcdValue? Read(KeyValue pair)
    {
        try
        {
            var value = JsonSerializer.Deserialize(pair.Value.Span, EtcdValueContext.Default.EtcdValue);
            return value is { Version: EtcdValue.CurrentVersion, Destination.Length: > 0 } && AreTimes(value) ? value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool AreTimes(EtcdValue value) => IsTime(value.AssignedAt) && IsTime(value.ExpiresAt) && IsTime(value.AvoidedUntil ?? 0);

    private static bool IsTime(long milliseconds) =>
        milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
