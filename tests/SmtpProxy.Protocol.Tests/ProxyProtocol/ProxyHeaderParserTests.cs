using System.Buffers;
using System.Net;
using System.Text;
using SmtpProxy.Protocol.ProxyProtocol;
using Xunit;

namespace SmtpProxy.Protocol.Tests.ProxyProtocol;

public sealed class ProxyHeaderParserTests
{
    private const string Behind = "EHLO client.example.com\r\n";

    private static readonly (string Name, byte[] Octets, string? Source, string? Destination)[] Right =
    [
        ("v1 TCP4", V1("PROXY TCP4 192.0.2.7 192.0.2.25 40000 25\r\n"), "192.0.2.7:40000", "192.0.2.25:25"),
        ("v1 port 0", V1("PROXY TCP4 255.255.255.255 0.0.0.0 0 65535\r\n"), "255.255.255.255:0", "0.0.0.0:65535"),
        ("v1 TCP6", V1("PROXY TCP6 2001:db8::7 2001:DB8::25 40000 25\r\n"), "[2001:db8::7]:40000", "[2001:db8::25]:25"),
        ("v1 mapped", V1("PROXY TCP6 ::ffff:192.0.2.7 ::1 40000 25\r\n"), "[::ffff:192.0.2.7]:40000", "[::1]:25"),
        ("v1 longest", V1($"PROXY TCP6 {FullIPv6} {FullIPv6} 65535 65535\r\n"), $"[{FullIPv6}]:65535", $"[{FullIPv6}]:65535"),
        ("v1 UNKNOWN", V1("PROXY UNKNOWN\r\n"), null, null),
        ("v1 UNKNOWN with more", V1("PROXY UNKNOWN 192.0.2.7 whatever  \r\n"), null, null),
        ("v1 UNKNOWN longest", V1($"PROXY UNKNOWN {FullIPv6} {FullIPv6} 65535 65535\r\n"), null, null),
        ("v2 IPv4", ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.IPv4), "192.0.2.7:40000", "192.0.2.25:25"),
        ("v2 datagram", ProxyHeaders.V2(0x21, 0x12, ProxyHeaders.IPv4), "192.0.2.7:40000", "192.0.2.25:25"),
        ("v2 IPv6", ProxyHeaders.V2(0x21, 0x21, ProxyHeaders.IPv6), "[2001:db8::7]:40000", "[2001:db8::25]:25"),
        ("v2 field", ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.IPv4 + "050003616263040000EA0003010203"), "192.0.2.7:40000", "192.0.2.25:25"),
        ("v2 checksum", ProxyHeaders.V2WithChecksum(0x11, ProxyHeaders.IPv4 + "050002AABB"), "192.0.2.7:40000", "192.0.2.25:25"),
        ("v2 IPv6 checksum", ProxyHeaders.V2WithChecksum(0x21, ProxyHeaders.IPv6), "[2001:db8::7]:40000", "[2001:db8::25]:25"),
        ("v2 large", ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.IPv4 + "E00800" + new string('A', 4096)), "192.0.2.7:40000", "192.0.2.25:25"),
        ("v2 LOCAL", ProxyHeaders.V2(0x20, 0x00, ""), null, null),
        ("v2 LOCAL with an address", ProxyHeaders.V2(0x20, 0x11, ProxyHeaders.IPv4), null, null),
        ("v2 LOCAL with anything", ProxyHeaders.V2(0x20, 0xFF, "0102"), null, null),
        ("v2 UNSPEC", ProxyHeaders.V2(0x21, 0x00, "010203"), null, null),
        ("v2 UNIX", ProxyHeaders.V2(0x21, 0x31, new string('0', 432)), null, null),
    ];

    private static readonly (string Name, byte[] Octets, ProxyHeaderStatus Status)[] Wrong =
    [
        ("SMTP", V1("EHLO x\r\n"), ProxyHeaderStatus.Absent),
        ("lower case", V1("proxy TCP4 192.0.2.7 192.0.2.25 40000 25\r\n"), ProxyHeaderStatus.Absent),
        ("blank line", V1("\r\nEHLO x\r\n"), ProxyHeaderStatus.Absent),
        ("signature with another last octet", [.. Convert.FromHexString(ProxyHeaders.Signature)[..^1], 0x0B], ProxyHeaderStatus.Absent),
        ("TLS", [0x16, 0x03, 0x01, 0x02, 0x00], ProxyHeaderStatus.Absent),
        ("no family", V1("PROXY \r\n"), ProxyHeaderStatus.Malformed),
        ("no CR", V1("PROXY TCP4 192.0.2.7 192.0.2.25 40000 25\n"), ProxyHeaderStatus.Malformed),
        ("no CR, UNKNOWN", V1("PROXY UNKNOWN\n"), ProxyHeaderStatus.Malformed),
        ("CR within UNKNOWN", V1("PROXY UNKNOWN a\rb\r\n"), ProxyHeaderStatus.Malformed),
        ("word that begins like UNKNOWN", V1("PROXY UNKNOWNS\r\n"), ProxyHeaderStatus.Malformed),
        ("UDP4", V1("PROXY UDP4 192.0.2.7 192.0.2.25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("two blanks", V1("PROXY TCP4  192.0.2.7 192.0.2.25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("TAB", V1("PROXY TCP4 192.0.2.7\t192.0.2.25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("blank at the end", V1("PROXY TCP4 192.0.2.7 192.0.2.25 40000 25 \r\n"), ProxyHeaderStatus.Malformed),
        ("CR at the end", V1("PROXY TCP4 192.0.2.7 192.0.2.25 40000 25\r\r\n"), ProxyHeaderStatus.Malformed),
        ("missing port", V1("PROXY TCP4 192.0.2.7 192.0.2.25 40000\r\n"), ProxyHeaderStatus.Malformed),
        ("one word more", V1("PROXY TCP4 192.0.2.7 192.0.2.25 40000 25 1\r\n"), ProxyHeaderStatus.Malformed),
        ("leading zero of a port", V1("PROXY TCP4 192.0.2.7 192.0.2.25 040000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("port with a sign", V1("PROXY TCP4 192.0.2.7 192.0.2.25 +4000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("port too large", V1("PROXY TCP4 192.0.2.7 192.0.2.25 65536 25\r\n"), ProxyHeaderStatus.Malformed),
        ("IPv4 octet too large", V1("PROXY TCP4 192.0.2.256 192.0.2.25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("IPv4 octal", V1("PROXY TCP4 192.0.02.7 192.0.2.25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("IPv4 hexadecimal", V1("PROXY TCP4 0xc0.0.2.7 192.0.2.25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("IPv4 of three parts", V1("PROXY TCP4 192.0.7 192.0.2.25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("IPv4 of five parts", V1("PROXY TCP4 192.0.2.7.1 192.0.2.25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("IPv6 as TCP4", V1("PROXY TCP4 2001:db8::7 192.0.2.25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("IPv4 as TCP6", V1("PROXY TCP6 192.0.2.7 2001:db8::25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("IPv6 scope", V1("PROXY TCP6 fe80::1%1 2001:db8::25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("IPv6 brackets", V1("PROXY TCP6 [2001:db8::7] 2001:db8::25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("IPv6 prefix", V1("PROXY TCP6 2001:db8::/32 2001:db8::25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("IPv6 with octal tail", V1("PROXY TCP6 ::ffff:192.0.02.7 ::1 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("IPv6 twice shortened", V1("PROXY TCP6 2001::db8::7 ::1 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("host name", V1("PROXY TCP4 localhost 192.0.2.25 40000 25\r\n"), ProxyHeaderStatus.Malformed),
        ("endless line", V1("PROXY UNKNOWN " + new string('x', 200)), ProxyHeaderStatus.TooLong),
        ("line of 108", V1("PROXY UNKNOWN " + new string('x', 92) + "\r\n"), ProxyHeaderStatus.TooLong),
        ("v2 version 1", ProxyHeaders.V2(0x11, 0x11, ProxyHeaders.IPv4), ProxyHeaderStatus.Malformed),
        ("v2 command 2", ProxyHeaders.V2(0x22, 0x11, ProxyHeaders.IPv4), ProxyHeaderStatus.Malformed),
        ("v2 family 4", ProxyHeaders.V2(0x21, 0x41, ProxyHeaders.IPv4), ProxyHeaderStatus.Malformed),
        ("v2 transport 3", ProxyHeaders.V2(0x21, 0x13, ProxyHeaders.IPv4), ProxyHeaderStatus.Malformed),
        ("v2 IPv4 without transport", ProxyHeaders.V2(0x21, 0x10, ProxyHeaders.IPv4), ProxyHeaderStatus.Malformed),
        ("v2 no room for the addresses", ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.IPv4[..^2]), ProxyHeaderStatus.Malformed),
        ("v2 no room for IPv6", ProxyHeaders.V2(0x21, 0x21, ProxyHeaders.IPv4), ProxyHeaderStatus.Malformed),
        ("v2 no room for UNIX", ProxyHeaders.V2(0x21, 0x31, ProxyHeaders.IPv6), ProxyHeaderStatus.Malformed),
        ("v2 half a field", ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.IPv4 + "0400"), ProxyHeaderStatus.Malformed),
        ("v2 field over the end", ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.IPv4 + "050003AABB"), ProxyHeaderStatus.Malformed),
        ("v2 wrong checksum", ProxyHeaders.V2WithChecksum(0x11, ProxyHeaders.IPv4, spoil: 1), ProxyHeaderStatus.Malformed),
        ("v2 short checksum", ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.IPv4 + "030003000000"), ProxyHeaderStatus.Malformed),
        ("v2 two checksums", ProxyHeaders.V2WithChecksum(0x11, ProxyHeaders.IPv4 + "03000400000000"), ProxyHeaderStatus.Malformed),
        ("v2 over the limit", ProxyHeaders.V2(0x20, 0x00, new string('0', 2 * 4097)), ProxyHeaderStatus.TooLong),
    ];

    public static TheoryData<string> RightNames => [.. Right.Select(static x => x.Name)];

    public static TheoryData<string> WrongNames => [.. Wrong.Select(static x => x.Name)];

    private static string FullIPv6 => "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff";

    [Theory]
    [MemberData(nameof(RightNames))]
    public void TryRead_Header_SaysWhoIsConnected(string name)
    {
        var (_, octets, source, destination) = Right.Single(x => x.Name == name);
        var buffer = new ReadOnlySequence<byte>([.. octets, .. V1(Behind)]);

        Assert.Equal(ProxyHeaderStatus.Ok, ProxyHeaderParser.TryRead(ref buffer, out var header));
        Assert.Equal(source is null, header.IsLocal);
        Assert.Equal(source is null ? null : IPEndPoint.Parse(source), header.Source);
        Assert.Equal(destination is null ? null : IPEndPoint.Parse(destination), header.Destination);
        Assert.Equal(name.StartsWith("v1", StringComparison.Ordinal) ? 1 : 2, header.Version);
        Assert.Equal(Behind, Encoding.ASCII.GetString(buffer));
    }

    [Theory]
    [MemberData(nameof(RightNames))]
    public void TryRead_HeaderSplitAnywhere_NeedsTheRestAndThenSaysTheSame(string name)
    {
        var octets = Right.Single(x => x.Name == name).Octets;
        var whole = new ReadOnlySequence<byte>(octets);
        ProxyHeaderParser.TryRead(ref whole, out var expected);
        for (var at = 0; at < octets.Length; at++)
        {
            var first = new ReadOnlySequence<byte>(octets, 0, at);
            Assert.Equal(ProxyHeaderStatus.NeedMore, ProxyHeaderParser.TryRead(ref first, out _));
            Assert.Equal(at, first.Length);
            var both = SegmentedSequence.SplitAt(octets, at);
            Assert.Equal(ProxyHeaderStatus.Ok, ProxyHeaderParser.TryRead(ref both, out var header));
            Assert.Equal(expected, header);
            Assert.True(both.IsEmpty);
        }

        var single = SegmentedSequence.EmptyBetween(octets);
        Assert.Equal(ProxyHeaderStatus.Ok, ProxyHeaderParser.TryRead(ref single, out var last));
        Assert.Equal(expected, last);
    }

    [Theory]
    [MemberData(nameof(WrongNames))]
    public void TryRead_NoHeader_IsRefusedHoweverItArrivesAndNothingIsTaken(string name)
    {
        var (_, octets, expected) = Wrong.Single(x => x.Name == name);
        for (var at = 0; at <= octets.Length; at++)
        {
            var first = new ReadOnlySequence<byte>(octets, 0, at);
            var status = ProxyHeaderParser.TryRead(ref first, out var header);
            Assert.True(status == expected || (status == ProxyHeaderStatus.NeedMore && at < octets.Length), $"{status} after {at}");
            Assert.Equal(default, header);
            Assert.Equal(at, first.Length);
            var both = SegmentedSequence.SplitAt(octets, at);
            Assert.Equal(expected, ProxyHeaderParser.TryRead(ref both, out _));
        }
    }

    [Fact]
    public void TryRead_LimitOfItsOwn_CountsWhatFollowsTheFixedPart()
    {
        var buffer = new ReadOnlySequence<byte>(ProxyHeaders.V2(0x21, 0x11, ProxyHeaders.IPv4));

        Assert.Equal(ProxyHeaderStatus.TooLong, ProxyHeaderParser.TryRead(ref buffer, out _, maxV2Length: 11));
        Assert.Equal(ProxyHeaderStatus.Ok, ProxyHeaderParser.TryRead(ref buffer, out _, maxV2Length: 12));
    }

    private static byte[] V1(string text) => Encoding.ASCII.GetBytes(text);
}
