using System.Buffers;
using System.Net.Sockets;
using SmtpProxy.Protocol.ProxyProtocol;

namespace SmtpProxy.Fuzz.Targets;

/// <summary>A PROXY header means the same however it arrives, what follows it stays unread, and what is written of it means the same again.</summary>
internal sealed class ProxyTarget : IFuzzTarget
{
    private static readonly int[] Limits = [ProxyHeader.DefaultMaxV2Length, 216, 12, ushort.MaxValue];

    public string Name => "proxy";

    public ValueTask<int> RunAsync(byte[] input, int seed)
    {
        var limit = Limits[(uint)seed % Limits.Length];
        var buffer = new ReadOnlySequence<byte>(input);
        var status = ProxyHeaderParser.TryRead(ref buffer, out var header, limit);
        var length = input.Length - (int)buffer.Length;
        Require.That(status == ProxyHeaderStatus.Ok || (length == 0 && header == default), "only a header is taken");
        Require.That(status != ProxyHeaderStatus.NeedMore || input.Length < ProxyHeader.V2FixedLength + Math.Max(limit, ProxyHeader.MaxV1Length), "the wait is bounded");
        Require.That(length <= ProxyHeader.V2FixedLength + Math.Max(limit, ProxyHeader.MaxV1Length), "a header is bounded");
        CheckPieces(input, seed, limit, (status, header, length));
        if (status == ProxyHeaderStatus.Ok)
        {
            CheckWritten(header, input.AsSpan(0, length));
        }

        return ValueTask.FromResult(((int)status << 8) | (header.Version << 4) | (header.IsLocal ? 8 : 0) | (header.Source?.AddressFamily == AddressFamily.InterNetworkV6 ? 1 : 0));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void CheckPieces(byte[] input, int seed, int limit, (ProxyHeaderStatus Status, ProxyHeader Header, int Length) expected)
    {
        var pieces = new Pieces(seed);
        foreach (var end in pieces.Ends(input.Length))
        {
            var arrived = pieces.Shape(input.AsMemory(0, end));
            var status = ProxyHeaderParser.TryRead(ref arrived, out var header, limit);
            if (status != ProxyHeaderStatus.NeedMore || end == input.Length)
            {
                Require.That((status, header, end - (int)arrived.Length) == expected, "a header means the same however it arrives");
                return;
            }
        }
    }

    private static void CheckWritten(in ProxyHeader header, ReadOnlySpan<byte> octets)
    {
        Require.That(header.IsLocal == (header.Source is null) && header.IsLocal == (header.Destination is null), "who is not local has two addresses");
        if (header is not { Source: { } source, Destination: { } destination })
        {
            return;
        }

        var line = new ArrayBufferWriter<byte>();
        ProxyHeaderWriter.WriteV1(line, source, destination);
        Require.That(
            header.Version != 1 || source.AddressFamily != AddressFamily.InterNetwork || line.WrittenSpan.SequenceEqual(octets),
            "an IPv4 line of version 1 can be written in one way only");
        var binary = new ArrayBufferWriter<byte>();
        ProxyHeaderWriter.WriteV2(binary, source, destination);
        foreach (var written in new[] { line.WrittenMemory, binary.WrittenMemory })
        {
            var buffer = new ReadOnlySequence<byte>(written);
            Require.That(ProxyHeaderParser.TryRead(ref buffer, out var again) == ProxyHeaderStatus.Ok && buffer.IsEmpty, "what is written is a header");
            Require.That(
                again.Source!.Port == source.Port && again.Source.Address.MapToIPv6().Equals(source.Address.MapToIPv6())
                && again.Destination!.Port == destination.Port && again.Destination.Address.MapToIPv6().Equals(destination.Address.MapToIPv6()),
                "and it names the same two");
        }
    }
}
