using System.Buffers;
using System.Text;
using SmtpProxy.Protocol;

namespace SmtpProxy.Fuzz.Targets;

/// <summary>The scanner finds the end, and what others might take for it, where a look at the whole text finds them.</summary>
internal sealed class ScannerTarget : IFuzzTarget
{
    private const int MostHeld = 4;

    public string Name => "scanner";

    public ValueTask<int> RunAsync(byte[] input, int seed)
    {
        var signature = 0;
        foreach (var policy in (BareNewlinePolicy[])[BareNewlinePolicy.RejectAmbiguousEnd, BareNewlinePolicy.Reject, BareNewlinePolicy.Pass])
        {
            signature = (signature * 4) + (int)Check(input, policy, seed);
        }

        return ValueTask.FromResult(signature);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static BodyScanStatus Check(byte[] input, BareNewlinePolicy policy, int seed)
    {
        var expected = TextEnd.Of(Encoding.Latin1.GetString(input), policy);
        var feed = new Feed(policy);
        var pieces = new Pieces(seed + (int)policy);
        pieces.Feed(input, feed.Take);
        Require.That(feed.First == expected.Status, $"{policy}: found {feed.First}, not {expected.Status}");
        Require.That(feed.MostHeld <= MostHeld, $"{policy}: held back {feed.MostHeld} octets");
        Require.That(feed.EndAt == expected.End, $"{policy}: ended at {feed.EndAt}, not {expected.End}");
        var isOpen = expected.Status == BodyScanStatus.More;
        Require.That(
            isOpen ? input.Length - feed.Forwarded.Count <= MostHeld : feed.Forwarded.Count == expected.Text,
            $"{policy}: forwarded {feed.Forwarded.Count}, not {expected.Text}");
        Require.That(input.AsSpan().StartsWith([.. feed.Forwarded]), $"{policy}: what is forwarded is what came");
        return feed.First;
    }

    private sealed class Feed(BareNewlinePolicy policy)
    {
        private MessageEndScanner _scanner = new(policy);
        private int _consumed;

        public BodyScanStatus First { get; private set; } = BodyScanStatus.More;

        public int EndAt { get; private set; } = -1;

        public int MostHeld { get; private set; }

        public List<byte> Forwarded { get; } = [];

        public bool Take(ref ReadOnlySequence<byte> buffer)
        {
            if (EndAt >= 0)
            {
                buffer = buffer.Slice(buffer.End);
                return false;
            }

            var scan = _scanner.Scan(buffer);
            Require.That(scan.Forward <= scan.Consumed && scan.Consumed <= buffer.Length, "a scan stays within its buffer");
            if (First == BodyScanStatus.More)
            {
                Forwarded.AddRange(buffer.Slice(0, scan.Forward).ToArray());
                First = scan.Status;
            }

            _consumed += (int)scan.Consumed;
            buffer = buffer.Slice(scan.Consumed);
            switch (scan.Status)
            {
                case BodyScanStatus.End:
                    EndAt = _consumed;
                    break;
                case BodyScanStatus.Rejected:
                    _scanner.Discard();
                    break;
                default:
                    MostHeld = Math.Max(MostHeld, (int)buffer.Length);
                    break;
            }

            return scan.Status == BodyScanStatus.Rejected;
        }
    }
}
