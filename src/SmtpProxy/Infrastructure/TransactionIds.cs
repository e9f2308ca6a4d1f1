namespace SmtpProxy.Infrastructure;

/// <summary>Identifiers for transactions: UUIDs of version 7 (RFC 9562 section 5.7), in the order of their making. They name, they keep no secret, so
/// their random part does not come from the system, which would be a call for each message.</summary>
internal static class TransactionIds
{
    private const int Version = 7;

    /// <summary>The next one, of the moment <paramref name="now"/>.</summary>
    public static Guid Next(DateTimeOffset now)
    {
        Span<byte> octets = stackalloc byte[16];
        Random.Shared.NextBytes(octets);
        var milliseconds = now.ToUnixTimeMilliseconds();
        System.Buffers.Binary.BinaryPrimitives.WriteInt16BigEndian(octets, (short)(milliseconds >> 32));
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(octets[2..], (int)milliseconds);
        octets[6] = (byte)((octets[6] & 0x0F) | (Version << 4));
        octets[8] = (byte)((octets[8] & 0x3F) | 0x80);
        return new Guid(octets, bigEndian: true);
    }
}
