using System.Buffers;
using System.Text;

namespace SmtpProxy.Protocol.Tests;

/// <summary>Feeds a text to a scanner as a relay does: forwards, keeps what was held back, and after a rejection goes on to the true end.</summary>
internal sealed class MessageEndFeed
{
    private readonly StringBuilder _forwarded = new();
    private MessageEndScanner _scanner;
    private int _total;
    private bool _isDone;

    /// <summary>What was found first: the end, a rejection, or neither.</summary>
    public BodyScanStatus Status { get; private set; } = BodyScanStatus.More;

    /// <summary>What went to the server.</summary>
    public string Forwarded => _forwarded.ToString();

    /// <summary>Octets that had been consumed when a rejection came.</summary>
    public int RejectedAt { get; private set; } = -1;

    /// <summary>Octets consumed when the true end was found, or -1.</summary>
    public int EndAt { get; private set; } = -1;

    /// <summary>The most octets that were held back.</summary>
    public int MostHeld { get; private set; }

    public static MessageEndFeed Run(byte[] text, BareNewlinePolicy policy, Delivery delivery)
    {
        var feed = new MessageEndFeed { _scanner = new MessageEndScanner(policy) };
        new Feeder(text, delivery).Run(feed.Take);
        return feed;
    }

    private bool Take(ref ReadOnlySequence<byte> buffer)
    {
        if (_isDone)
        {
            return false;
        }

        var scan = _scanner.Scan(buffer);
        if (scan.Forward > scan.Consumed || scan.Consumed > buffer.Length)
        {
            throw new InvalidOperationException($"{scan} of {buffer.Length}");
        }

        if (Status == BodyScanStatus.More)
        {
            _forwarded.Append(Wire.Text(buffer.Slice(0, scan.Forward).ToArray()));
            Status = scan.Status;
        }

        _total += (int)scan.Consumed;
        buffer = buffer.Slice(scan.Consumed);
        return Next(scan.Status, (int)buffer.Length);
    }

    private bool Next(BodyScanStatus status, int held)
    {
        switch (status)
        {
            case BodyScanStatus.End:
                _isDone = true;
                EndAt = _total;
                return false;
            case BodyScanStatus.Rejected when RejectedAt >= 0:
                throw new InvalidOperationException("Rejected twice.");
            case BodyScanStatus.Rejected:
                RejectedAt = _total;
                _scanner.Discard();
                return true;
            default:
                MostHeld = Math.Max(MostHeld, held);
                return false;
        }
    }
}
