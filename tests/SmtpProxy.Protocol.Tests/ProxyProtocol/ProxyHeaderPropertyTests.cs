using System.Buffers;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using SmtpProxy.Protocol.ProxyProtocol;
using Xunit;

namespace SmtpProxy.Protocol.Tests.ProxyProtocol;

/// <summary>What holds for any address and any octets.</summary>
public sealed class ProxyHeaderPropertyTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private static readonly Gen<IPAddress> AnyAddress = Gen.OneOf(
        Gen.Choose(0, 255).ArrayOf(4).Select(static octets => new IPAddress(octets.Select(static x => (byte)x).ToArray())),
        Gen.Elements(0, 0, 1, 255, 0xA0).ArrayOf(16).Select(static octets => new IPAddress(octets.Select(static x => (byte)x).ToArray())));

    private static readonly Gen<IPEndPoint> AnyEndPoint =
        from address in AnyAddress
        from port in Gen.Choose(0, 65535)
        select new IPEndPoint(address, port);

    // Headers, headers with some octets changed, and noise.
    private static readonly Gen<byte[]> Octets = Gen.OneOf(
        from header in AnyHeader()
        from changes in Gen.Choose(0, 3)
        from places in Gen.Choose(0, 200).ArrayOf(3)
        from values in Gen.Choose(0, 255).ArrayOf(3)
        select Change(header, changes, places, values),
        Gen.Choose(0, 255).ArrayOf().Select(static octets => octets.Select(static x => (byte)x).ToArray()));

    [Fact]
    public void WriteThenRead_AnyAddresses_SaysTheSameInBothVersions() => Prop.ForAll(
        AnyEndPoint.ToArbitrary(),
        AnyEndPoint.ToArbitrary(),
        static (source, destination) =>
        {
            foreach (var written in new[] { Write(ProxyHeaderWriter.WriteV1, source, destination), Write(ProxyHeaderWriter.WriteV2, source, destination) })
            {
                var buffer = new ReadOnlySequence<byte>(written);
                Assert.Equal(ProxyHeaderStatus.Ok, ProxyHeaderParser.TryRead(ref buffer, out var header));
                Assert.True(buffer.IsEmpty);
                Assert.False(header.IsLocal);
                Assert.Equal(header.Source!.AddressFamily, header.Destination!.AddressFamily);
                Assert.Equal(Mapped(source), Mapped(header.Source));
                Assert.Equal(Mapped(destination), Mapped(header.Destination));
            }
        }).Check(Many);

    [Fact]
    public void TryRead_AnyOctetsAndAnySplit_NeverThrowsAndSaysTheSame() => Prop.ForAll(
        Octets.ToArbitrary(),
        Gen.Choose(0, 300).ToArbitrary(),
        static (octets, place) =>
        {
            var whole = new ReadOnlySequence<byte>(octets);
            var expected = ProxyHeaderParser.TryRead(ref whole, out var header);
            Assert.NotEqual(ProxyHeaderStatus.None, expected);
            Assert.True(whole.Length == octets.Length || expected == ProxyHeaderStatus.Ok);

            var at = Math.Min(place, octets.Length);
            var split = SegmentedSequence.SplitAt(octets, at);
            Assert.Equal(expected, ProxyHeaderParser.TryRead(ref split, out var again));
            Assert.Equal(header, again);
            Assert.Equal(whole.Length, split.Length);

            var start = new ReadOnlySequence<byte>(octets, 0, at);
            var early = ProxyHeaderParser.TryRead(ref start, out _);
            Assert.True(early == ProxyHeaderStatus.NeedMore || early == expected, $"{early} after {at}, {expected} after all");
        }).Check(Many);

    [Fact]
    public void TryRead_OctetsBehindTheHeader_AreNeverRead() => Prop.ForAll(
        Octets.ToArbitrary(),
        Octets.ToArbitrary(),
        static (octets, behind) =>
        {
            var whole = new ReadOnlySequence<byte>(octets);
            var expected = ProxyHeaderParser.TryRead(ref whole, out var header);
            if (expected == ProxyHeaderStatus.NeedMore)
            {
                return;
            }

            var longer = new ReadOnlySequence<byte>([.. octets, .. behind]);
            Assert.Equal(expected, ProxyHeaderParser.TryRead(ref longer, out var again));
            Assert.Equal(header, again);
            Assert.Equal(whole.Length + behind.Length, longer.Length);
        }).Check(Many);

    private static Gen<byte[]> AnyHeader() => Gen.OneOf(
        from source in AnyEndPoint
        from destination in AnyEndPoint
        from isV1 in Gen.Elements(true, false)
        select isV1 ? Write(ProxyHeaderWriter.WriteV1, source, destination) : Write(ProxyHeaderWriter.WriteV2, source, destination),
        Gen.Constant(ProxyHeaders.V2WithChecksum(0x11, ProxyHeaders.IPv4 + "050002AABB")),
        Gen.Constant(ProxyHeaders.V2(0x20, 0x00, "010203")),
        Gen.Constant("PROXY UNKNOWN a b\r\n"u8.ToArray()));

    private static byte[] Change(byte[] header, int changes, int[] places, int[] values)
    {
        var octets = (byte[])header.Clone();
        for (var i = 0; i < changes; i++)
        {
            octets[places[i] % octets.Length] = (byte)values[i];
        }

        return octets;
    }

    private static byte[] Write(Action<IBufferWriter<byte>, IPEndPoint, IPEndPoint> write, IPEndPoint source, IPEndPoint destination)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output, source, destination);
        return output.WrittenSpan.ToArray();
    }

    private static IPEndPoint Mapped(IPEndPoint endPoint) => new(endPoint.Address.MapToIPv6(), endPoint.Port);
}
