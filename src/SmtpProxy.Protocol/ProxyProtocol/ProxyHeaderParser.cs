using System.Buffers;

namespace SmtpProxy.Protocol.ProxyProtocol;

/// <summary>Reads the PROXY header with which a connection begins.</summary>
/// <remarks>
/// The result does not depend on how the octets arrive: what is not <see cref="ProxyHeaderStatus.NeedMore"/> stays so with any octets behind.
/// What follows the header belongs to the protocol behind it and is never looked at.
/// </remarks>
public static class ProxyHeaderParser
{
    /// <summary>Reads a header from the start of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">What has arrived since the connection was made; begins behind the header once there was one.</param>
    /// <param name="header">What it says; only with <see cref="ProxyHeaderStatus.Ok"/>.</param>
    /// <param name="maxV2Length">Most octets behind the fixed part of version 2.</param>
    public static ProxyHeaderStatus TryRead(
        ref ReadOnlySequence<byte> buffer, out ProxyHeader header, int maxV2Length = ProxyHeader.DefaultMaxV2Length)
    {
        header = default;

        // Both versions can be told apart, and each be refused, by their first octets.
        Span<byte> start = stackalloc byte[ProxyHeader.MaxV1Length];
        start = start[..Copy(buffer, start)];
        if (Begins(start, ProxyHeader.V1Signature))
        {
            var status = ProxyV1Reader.Read(start, out header, out var length);
            buffer = buffer.Slice(length);
            return status;
        }

        return Begins(start, ProxyHeader.V2Signature) ? ReadV2(ref buffer, start, maxV2Length, out header) : ProxyHeaderStatus.Absent;
    }

    private static ProxyHeaderStatus ReadV2(
        ref ReadOnlySequence<byte> buffer, ReadOnlySpan<byte> start, int maxV2Length, out ProxyHeader header)
    {
        header = default;
        var status = ProxyV2Reader.ReadFixed(start, maxV2Length, out var length);
        if (status != ProxyHeaderStatus.Ok)
        {
            return status;
        }

        if (buffer.Length < length)
        {
            return ProxyHeaderStatus.NeedMore;
        }

        if (length <= start.Length)
        {
            status = ProxyV2Reader.Read(start[..length], out header);
        }
        else
        {
            var rented = ArrayPool<byte>.Shared.Rent(length);
            buffer.Slice(0, length).CopyTo(rented);
            status = ProxyV2Reader.Read(rented.AsSpan(0, length), out header);
            ArrayPool<byte>.Shared.Return(rented);
        }

        buffer = status == ProxyHeaderStatus.Ok ? buffer.Slice(length) : buffer;
        return status;
    }

    private static int Copy(in ReadOnlySequence<byte> buffer, Span<byte> target)
    {
        var length = (int)Math.Min(buffer.Length, target.Length);
        buffer.Slice(0, length).CopyTo(target);
        return length;
    }

    private static bool Begins(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> signature) =>
        octets.Length < signature.Length ? signature.StartsWith(octets) : octets.StartsWith(signature);
}
