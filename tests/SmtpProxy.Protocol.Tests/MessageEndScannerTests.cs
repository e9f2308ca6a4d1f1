using System.Buffers;
using Xunit;

namespace SmtpProxy.Protocol.Tests;

public sealed class MessageEndScannerTests
{
    private const BareNewlinePolicy Ambiguous = BareNewlinePolicy.RejectAmbiguousEnd;
    private const BareNewlinePolicy Reject = BareNewlinePolicy.Reject;
    private const BareNewlinePolicy Pass = BareNewlinePolicy.Pass;

    // Text up to and with its end, and what of it goes to the server.
    private static readonly (string Text, string Body)[] Ends =
    [
        (".\r\n", ""),
        ("\r\n.\r\n", "\r\n"),
        ("text\r\n.\r\n", "text\r\n"),
        ("text\r\n\r\n.\r\n", "text\r\n\r\n"),
        ("..\r\n.\r\n", "..\r\n"),
        (".x\r\n.\r\n", ".x\r\n"),
        ("x.\r\n.\r\n", "x.\r\n"),
        ("\r\n..\r\n.\r\n", "\r\n..\r\n"),
        ("a\r\n.b\r\n.\r\n", "a\r\n.b\r\n"),
        ("a\r\n. \r\n.\r\n", "a\r\n. \r\n"),
        ("before\0after\r\n\0.\r\n\x80\xff\xf4\xf1\r\n.\r\n", "before\0after\r\n\0.\r\n\x80\xff\xf4\xf1\r\n"),
    ];

    // The look-alikes by name, and what stands before the offending place.
    private static readonly (string Name, string Text, string Before)[] LookAlikes =
    [
        ("LF . LF", "a\n.\nb\r\n.\r\n", "a"),
        ("LF . CRLF", "a\n.\r\nb\r\n.\r\n", "a"),
        ("LF . CR", "a\n.\rb\r\n.\r\n", "a"),
        ("CRLF . LF", "a\r\n.\nb\r\n.\r\n", "a\r\n"),
        ("CR . CR", "a\r.\rb\r\n.\r\n", "a"),
        ("CR . LF", "a\r.\nb\r\n.\r\n", "a"),
        ("CR . CRLF", "a\r.\r\nb\r\n.\r\n", "a"),
        ("CRLF . CR", "a\r\n.\rb\r\n.\r\n", "a\r\n"),
        ("CRLF . CR CRLF", "a\r\n.\r\r\nb\r\n.\r\n", "a\r\n"),
        ("CR CRLF . CR CRLF", "a\r\r\n.\r\r\nb\r\n.\r\n", "a\r\r\n"),
        ("LF CR . CR", "a\n\r.\rb\r\n.\r\n", "a\n"),
        ("start . LF", ".\nb\r\n.\r\n", ""),
        ("start . CR", ".\rb\r\n.\r\n", ""),
        ("LF . CR and the true end at once", "a\n.\r\n.\r\n", "a"),
    ];

    // What is a bare newline but no lone dot: passed on, unless any is forbidden.
    private static readonly (string Text, string Before)[] Bare =
    [
        ("a\nb\r\n.\r\n", "a"),
        ("a\rb\r\n.\r\n", "a"),
        ("a\n\r\n.\r\n", "a"),
        ("a\r\r\n.\r\n", "a"),
        ("\n.x\r\n.\r\n", ""),
        ("a\r\n\r.x\r\n.\r\n", "a\r\n"),
        ("a\n..\n\r\n.\r\n", "a"),
    ];

    public static TheoryData<string, string> EndTable => new(Ends);

    public static TheoryData<string, string, string> LookAlikeTable => new(LookAlikes);

    public static TheoryData<string, string> BareTable => new(Bare);

    [Theory]
    [MemberData(nameof(EndTable))]
    public void Scan_End_IsFoundUnderEveryPolicy(string text, string body)
    {
        foreach (var policy in new[] { Ambiguous, Reject, Pass })
        {
            Check(text, policy, BodyScanStatus.End, body);
        }
    }

    [Theory]
    [MemberData(nameof(LookAlikeTable))]
    public void Scan_LookAlike_IsRejectedAndNotForwarded(string name, string text, string before)
    {
        Assert.NotEmpty(name);
        Check(text, Ambiguous, BodyScanStatus.Rejected, before);
        Check(text, Pass, BodyScanStatus.End, text[..^3]);
    }

    [Theory]
    [MemberData(nameof(BareTable))]
    public void Scan_BareNewlineWithoutLoneDot_IsRejectedOnlyByReject(string text, string before)
    {
        Check(text, Ambiguous, BodyScanStatus.End, text[..^3]);
        Check(text, Pass, BodyScanStatus.End, text[..^3]);
        Check(text, Reject, BodyScanStatus.Rejected, before);
    }

    [Theory]
    [InlineData("a\r\n.", 3)]
    [InlineData("a\r\n.\r", 3)]
    [InlineData("a\r", 1)]
    [InlineData("a\r\n", 3)]
    [InlineData("a\n", 1)]
    [InlineData("a\n.", 1)]
    [InlineData("a\n.\r", 1)]
    [InlineData("a\r.\r", 1)]
    [InlineData("a\r\n..", 5)]
    [InlineData("", 0)]
    public void Scan_TailThatMayBecomeTheEnd_IsHeldBack(string text, int forward)
    {
        var scanner = new MessageEndScanner(Ambiguous);

        Assert.Equal(new BodyScan(BodyScanStatus.More, forward, forward), scanner.Scan(new ReadOnlySequence<byte>(Wire.Octets(text))));
    }

    [Fact]
    public void Scan_CommandsBehindTheEnd_AreNotConsumed()
    {
        var scanner = new MessageEndScanner(Ambiguous);
        var buffer = new ReadOnlySequence<byte>(Wire.Octets("a\r\n.\r\n.\r\nQUIT\r\n"));

        Assert.Equal(new BodyScan(BodyScanStatus.End, 3, 6), scanner.Scan(buffer));
    }

    [Theory]
    [InlineData(Ambiguous)]
    [InlineData(Reject)]
    [InlineData(Pass)]
    public void Scan_LargeText_IsForwardedWholeOverAnySegments(BareNewlinePolicy policy)
    {
        var line = "..dot-stuffed line of some length, with a dot . inside\r\n.x\r\n\r\n";
        var text = string.Concat(Enumerable.Repeat(line, 4_000));
        var octets = Wire.Octets(text + ".\r\n");
        foreach (var size in new[] { 1, 3, 61, 4_096, 65_536, octets.Length })
        {
            var feed = MessageEndFeed.Run(octets, policy, Delivery.InPieces(octets.Length, size));

            Assert.Equal(BodyScanStatus.End, feed.Status);
            Assert.Equal(text, feed.Forwarded);
        }

        var segments = octets.Chunk(4_093).Select(static chunk => new ReadOnlyMemory<byte>(chunk)).ToArray();
        var scan = new MessageEndScanner(policy).Scan(SegmentedSequence.Join(segments));
        Assert.Equal(new BodyScan(BodyScanStatus.End, text.Length, octets.Length), scan);
    }

    private static void Check(string text, BareNewlinePolicy policy, BodyScanStatus status, string forwarded)
    {
        foreach (var delivery in Delivery.All(text.Length))
        {
            var feed = MessageEndFeed.Run(Wire.Octets(text), policy, delivery);

            Assert.True(status == feed.Status, $"{policy}, {delivery}: {feed.Status}");
            Assert.Equal(forwarded, feed.Forwarded);
            Assert.Equal(text.Length, feed.EndAt);
        }
    }
}
